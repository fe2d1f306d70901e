// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who we are: a chain of certificates and the private key of the first. Immutable, for any thread; files are read when it
 * is made, and not again.
 */
public final class TlsIdentity {

    private final String origin;
    private final KeyManagerFactory keyManagers;
    private final boolean fixed;

    private TlsIdentity(String origin, KeyManagerFactory keyManagers, boolean fixed) {
        this.origin = origin;
        this.keyManagers = keyManagers;
        this.fixed = fixed;
    }

    /**
     * From files in PEM.
     *
     * @param certificateChain our certificate first, then those that lead to, but need not include, the root
     * @param privateKey in PKCS#8, not encrypted ({@code BEGIN PRIVATE KEY})
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a file does not hold what it should, or the key is not the certificate's
     */
    public static TlsIdentity ofPem(Path certificateChain, Path privateKey) throws IOException {
        return read(certificateChain, privateKey, null);
    }

    /**
     * As {@link #ofPem(Path, Path)}, with a key that is encrypted ({@code BEGIN ENCRYPTED PRIVATE KEY}).
     *
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException also if the password is wrong
     */
    public static TlsIdentity ofPem(Path certificateChain, Path privateKey, char[] password) throws IOException {
        return read(certificateChain, privateKey, password);
    }

    /**
     * From the bytes of such files.
     *
     * @throws IllegalArgumentException if they are not what they should be, or the key is not the certificate's
     */
    public static TlsIdentity ofPem(byte[] certificateChain, byte[] privateKey) {
        return parse(certificateChain, "PEM", privateKey, "PEM", null);
    }

    /**
     * As {@link #ofPem(byte[], byte[])}, with a key that is encrypted.
     *
     * @throws IllegalArgumentException also if the password is wrong
     */
    public static TlsIdentity ofPem(byte[] certificateChain, byte[] privateKey, char[] password) {
        return parse(certificateChain, "PEM", privateKey, "PEM", password);
    }

    /**
     * The keys in this store.
     *
     * @param keyPassword what the keys in it are protected with
     * @throws IllegalArgumentException if the store cannot be used, or the password is wrong
     */
    public static TlsIdentity of(KeyStore store, char[] keyPassword) {
        try {
            return new TlsIdentity("a key store", keyManagers(store, keyPassword), true);
        } catch (GeneralSecurityException failure) {
            throw new IllegalArgumentException("the key store cannot be used: " + failure.getMessage(), failure);
        }
    }

    /**
     * What these key managers answer. They are asked at each handshake, and may change their answer.
     *
     * @param initialized a factory that {@code init} was called on
     */
    public static TlsIdentity of(KeyManagerFactory initialized) {
        return new TlsIdentity("a key manager factory", initialized, false);
    }

    private static TlsIdentity read(Path certificateChain, Path privateKey, char @Nullable [] password)
            throws IOException {
        return parse(
                Files.readAllBytes(certificateChain),
                certificateChain.toString(),
                Files.readAllBytes(privateKey),
                privateKey.toString(),
                password);
    }

    private static TlsIdentity parse(
            byte[] chainPem, String chainOrigin, byte[] keyPem, String keyOrigin, char @Nullable [] password) {
        List<X509Certificate> chain = Pem.certificates(chainPem, chainOrigin);
        X509Certificate own = chain.get(0);
        PrivateKey key = Pem.privateKey(keyPem, keyOrigin, password, own.getPublicKey());
        KeyPairs.requirePair(key, keyOrigin, own, chainOrigin);
        char[] noPassword = {}; // The store lives in memory only, and no longer than this.
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("identity", key, noPassword, chain.toArray(X509Certificate[]::new));
            return new TlsIdentity(chainOrigin, keyManagers(store, noPassword), true);
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalArgumentException(
                    "the certificates of " + chainOrigin + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    private static KeyManagerFactory keyManagers(KeyStore store, char[] password) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory;
    }

    /** For transports: what proves the identity. */
    public KeyManagerFactory keyManagers() {
        return keyManagers;
    }

    /** For transports: whether the key managers give the same answer every time, so that it may be kept. */
    public boolean isFixed() {
        return fixed;
    }

    /** Where it came from; never the key. */
    @Override
    public String toString() {
        return "TlsIdentity[" + origin + "]";
    }
}
