// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.ssl;

import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.KeyPairs;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsTrust;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Makes the runtime's TLS settings of a bundle: its key and trust stores, and the protocols and ciphers of its options. */
public final class BundleSettings {

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private BundleSettings() {}

    /**
     * A server's.
     *
     * @throws IllegalArgumentException if the bundle has no certificate or a key that is not its own, certificates of clients are asked for and it does
     *     not say which are accepted, or HTTP/2 does not allow a protocol or cipher of its options
     */
    public static ServerTls server(SslBundle bundle, ClientAuth clientAuth, TlsProvider provider) {
        TlsIdentity identity = identity(bundle);
        if (identity == null) {
            throw new IllegalArgumentException(
                    "it has no key store, and a server needs a certificate and its private key (keystore.certificate and"
                            + " keystore.private-key of a PEM bundle)");
        }
        ServerTls tls = ServerTls.of(identity).withProvider(provider);
        if (clientAuth != ClientAuth.NONE) {
            tls = tls.withClientAuth(clientAuth, clientTrust(bundle));
        }
        SslOptions options = bundle.getOptions();
        if (options.getEnabledProtocols() != null) {
            tls = tls.withProtocols(options.getEnabledProtocols());
        }
        return options.getCiphers() == null ? tls : tls.withCiphers(options.getCiphers());
    }

    /**
     * A client's. It trusts the authorities of the bundle's trust store; those that the Java runtime trusts, if it has none.
     *
     * @throws IllegalArgumentException if HTTP/2 does not allow a protocol or cipher of the bundle's options
     */
    public static ClientTls client(SslBundle bundle, TlsProvider provider) {
        ClientTls tls = ClientTls.trusting(
                        bundle.getStores().getTrustStore() == null ? TlsTrust.system() : trust(bundle))
                .withProvider(provider);
        TlsIdentity identity = identity(bundle);
        if (identity != null) {
            tls = tls.withIdentity(identity);
        }
        SslOptions options = bundle.getOptions();
        if (options.getEnabledProtocols() != null) {
            tls = tls.withProtocols(options.getEnabledProtocols());
        }
        return options.getCiphers() == null ? tls : tls.withCiphers(options.getCiphers());
    }

    /** Without a trust store Java would fall back to the public authorities: anybody can get a certificate of theirs. */
    private static TlsTrust clientTrust(SslBundle bundle) {
        if (bundle.getStores().getTrustStore() == null) {
            throw new IllegalArgumentException(
                    "it has no trust store, which says whose certificates are accepted from clients"
                            + " (truststore.certificate of a PEM bundle)");
        }
        return trust(bundle);
    }

    private static @Nullable TlsIdentity identity(SslBundle bundle) {
        if (bundle.getStores().getKeyStore() == null) {
            return null;
        }
        KeyManagerFactory factory = bundle.getManagers().getKeyManagerFactory();
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509KeyManager x509) {
                requirePairs(x509);
            }
        }
        return TlsIdentity.of(factory);
    }

    /** A bundle that is read while its files are being replaced may have the key of one certificate and another one. */
    private static void requirePairs(X509KeyManager manager) {
        for (String algorithm : KEY_ALGORITHMS) {
            String[] aliases = manager.getServerAliases(algorithm, null);
            if (aliases == null) {
                continue;
            }
            for (String alias : aliases) {
                KeyPairs.requirePair(
                        manager.getPrivateKey(alias),
                        "its key store",
                        manager.getCertificateChain(alias)[0],
                        "its certificates");
            }
        }
    }

    private static TlsTrust trust(SslBundle bundle) {
        return TlsTrust.of(bundle.getManagers().getTrustManagerFactory());
    }
}
