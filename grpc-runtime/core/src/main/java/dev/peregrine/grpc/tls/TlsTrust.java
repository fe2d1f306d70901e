// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed. Immutable, for any thread. */
public final class TlsTrust {

    private final String origin;
    private final X509TrustManager manager;

    private TlsTrust(String origin, X509TrustManager manager) {
        this.origin = origin;
        this.manager = manager;
    }

    /** The authorities that the Java runtime trusts. They are read once for the life of the process. */
    public static TlsTrust system() {
        return SystemRoots.TRUST;
    }

    /**
     * The authorities whose certificates are in this file, in PEM.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it holds no certificates
     */
    public static TlsTrust ofPem(Path authorities) throws IOException {
        return ofPem(Files.readAllBytes(authorities), authorities.toString());
    }

    /**
     * The authorities of these certificates in PEM.
     *
     * @throws IllegalArgumentException if these are no certificates
     */
    public static TlsTrust ofPem(byte[] authorities) {
        return ofPem(authorities, "PEM");
    }

    private static TlsTrust ofPem(byte[] authorities, String origin) {
        List<X509Certificate> certificates = Pem.certificates(authorities, origin);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            return new TlsTrust(origin, manager(managers(store)));
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalArgumentException("the certificates of " + origin + " cannot be used", failure);
        }
    }

    /**
     * The authorities in this store.
     *
     * @throws IllegalArgumentException if the store cannot be used
     */
    public static TlsTrust of(KeyStore store) {
        try {
            return new TlsTrust("a key store", manager(managers(store)));
        } catch (GeneralSecurityException failure) {
            throw new IllegalArgumentException("the trust store cannot be used: " + failure.getMessage(), failure);
        }
    }

    /**
     * What these trust managers believe. A manager of one's own that is an {@code X509ExtendedTrustManager} has to check the
     * name of the server itself, as Java's do; for any other X.509 trust manager that is done for it.
     *
     * @param initialized a factory that {@code init} was called on
     * @throws IllegalArgumentException if it makes no {@code X509TrustManager}
     */
    public static TlsTrust of(TrustManagerFactory initialized) {
        return new TlsTrust("a trust manager factory", manager(initialized));
    }

    private static TrustManagerFactory managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static X509TrustManager manager(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new IllegalArgumentException(
                "the trust manager factory '" + factory.getAlgorithm() + "' makes no X509TrustManager; TLS needs one");
    }

    /** For transports: what decides. */
    public X509TrustManager manager() {
        return manager;
    }

    @Override
    public String toString() {
        return "TlsTrust[" + origin + "]";
    }

    /** Read when first asked for: that takes a while. */
    private static final class SystemRoots {

        static final TlsTrust TRUST = read();

        private static TlsTrust read() {
            try {
                return new TlsTrust("system", TlsTrust.manager(managers(null)));
            } catch (GeneralSecurityException failure) {
                throw new IllegalStateException(
                        "the Java runtime's trusted certificates cannot be read: " + failure.getMessage(), failure);
            }
        }
    }
}
