// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a server speaks TLS. Make one with {@link #of} and change it with the {@code with} methods; to change it while the
 * server runs, put it into a {@link TlsSource}.
 *
 * @param identity the server's certificate and key
 * @param clientAuth whether clients are asked for a certificate (default {@code NONE})
 * @param clientTrust which certificates of clients are accepted; null only if none is asked for
 * @param protocols see {@link TlsSettings#protocols()}
 * @param ciphers see {@link TlsSettings#ciphers()}
 * @param provider see {@link TlsSettings#provider()} (default {@code AUTOMATIC})
 */
public record ServerTls(
        TlsIdentity identity,
        ClientAuth clientAuth,
        @Nullable TlsTrust clientTrust,
        List<String> protocols,
        List<String> ciphers,
        TlsProvider provider)
        implements TlsSettings {

    /**
     * @throws IllegalArgumentException if HTTP/2 does not allow a protocol or cipher suite, or certificates are asked for
     *     and nothing says which are accepted
     */
    public ServerTls {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(provider, "provider");
        protocols = Http2Ciphers.checkProtocols(protocols);
        ciphers = Http2Ciphers.checkCiphers(ciphers);
        if (clientAuth != ClientAuth.NONE && clientTrust == null) {
            throw new IllegalArgumentException(
                    "clientTrust: null (expected: the authorities whose certificates are accepted"
                            + " from clients, as client certificates are " + clientAuth + ")");
        }
    }

    /** A server with this identity and the defaults of everything else. */
    public static ServerTls of(TlsIdentity identity) {
        return new ServerTls(identity, ClientAuth.NONE, null, DEFAULT_PROTOCOLS, List.of(), TlsProvider.AUTOMATIC);
    }

    /** With another identity. */
    public ServerTls withIdentity(TlsIdentity identity) {
        return new ServerTls(identity, clientAuth, clientTrust, protocols, ciphers, provider);
    }

    /** Asks clients for a certificate, and accepts those that are trusted. */
    public ServerTls withClientAuth(ClientAuth clientAuth, TlsTrust clientTrust) {
        return new ServerTls(identity, clientAuth, clientTrust, protocols, ciphers, provider);
    }

    /** With other protocols: {@code "TLSv1.3"}, {@code "TLSv1.2"} or both. */
    public ServerTls withProtocols(String... protocols) {
        return new ServerTls(identity, clientAuth, clientTrust, List.of(protocols), ciphers, provider);
    }

    /** With these cipher suites only; see {@link #ciphers()}. */
    public ServerTls withCiphers(String... ciphers) {
        return new ServerTls(identity, clientAuth, clientTrust, protocols, List.of(ciphers), provider);
    }

    /** With another implementation of TLS. */
    public ServerTls withProvider(TlsProvider provider) {
        return new ServerTls(identity, clientAuth, clientTrust, protocols, ciphers, provider);
    }
}
