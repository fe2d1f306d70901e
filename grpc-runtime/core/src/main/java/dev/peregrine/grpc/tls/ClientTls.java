// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS. Make one with {@link #systemRoots} or {@link #trusting} and change it with the {@code with}
 * methods; to change it while the channel is in use, put it into a {@link TlsSource}.
 *
 * <p>A server's certificate must be trusted, and be made out to the host that the channel's authority names, which is the
 * target's unless it was overridden. There is no switch that turns this off.
 *
 * @param trust which certificates of servers are accepted
 * @param identity the certificate and key to show a server that asks for them; null for none
 * @param protocols see {@link TlsSettings#protocols()}
 * @param ciphers see {@link TlsSettings#ciphers()}
 * @param provider see {@link TlsSettings#provider()} (default {@code AUTOMATIC})
 */
public record ClientTls(
        TlsTrust trust,
        @Nullable TlsIdentity identity,
        List<String> protocols,
        List<String> ciphers,
        TlsProvider provider)
        implements TlsSettings {

    /**
     * @throws IllegalArgumentException if HTTP/2 does not allow a protocol or cipher suite
     */
    public ClientTls {
        Objects.requireNonNull(trust, "trust");
        Objects.requireNonNull(provider, "provider");
        protocols = Http2Ciphers.checkProtocols(protocols);
        ciphers = Http2Ciphers.checkCiphers(ciphers);
    }

    /** A client that trusts the authorities that the Java runtime trusts. */
    public static ClientTls systemRoots() {
        return trusting(TlsTrust.system());
    }

    /** A client that trusts these authorities, and no others. */
    public static ClientTls trusting(TlsTrust trust) {
        return new ClientTls(trust, null, DEFAULT_PROTOCOLS, List.of(), TlsProvider.AUTOMATIC);
    }

    /** With other trusted authorities. */
    public ClientTls withTrust(TlsTrust trust) {
        return new ClientTls(trust, identity, protocols, ciphers, provider);
    }

    /** Shows this to servers that ask who the client is. */
    public ClientTls withIdentity(TlsIdentity identity) {
        return new ClientTls(trust, identity, protocols, ciphers, provider);
    }

    /** With other protocols: {@code "TLSv1.3"}, {@code "TLSv1.2"} or both. */
    public ClientTls withProtocols(String... protocols) {
        return new ClientTls(trust, identity, List.of(protocols), ciphers, provider);
    }

    /** With these cipher suites only; see {@link #ciphers()}. */
    public ClientTls withCiphers(String... ciphers) {
        return new ClientTls(trust, identity, protocols, List.of(ciphers), provider);
    }

    /** With another implementation of TLS. */
    public ClientTls withProvider(TlsProvider provider) {
        return new ClientTls(trust, identity, protocols, ciphers, provider);
    }
}
