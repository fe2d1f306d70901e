// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of the connection that carries a call.
 *
 * @param remote the other end's address
 * @param local our address on this connection
 * @param tls the TLS session, which knows protocol and cipher suite; null on a plaintext connection
 */
public record Peer(
        SocketAddress remote, SocketAddress local, @Nullable SSLSession tls) {

    /**
     * The certificates by which the other end has proved who it is, its own first. Empty on a plaintext connection, and
     * where it was not asked for any or sent none. They were verified: whoever sends one that is not trusted does not get as
     * far as a call.
     */
    public List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        if (tls != null) {
            try {
                for (Certificate certificate : tls.getPeerCertificates()) {
                    certificates.add((X509Certificate) certificate);
                }
            } catch (SSLPeerUnverifiedException none) {
                return List.of();
            }
        }
        return List.copyOf(certificates);
    }

    /** The version of TLS, such as {@code TLSv1.3}; null on a plaintext connection. */
    public @Nullable String tlsProtocol() {
        return tls == null ? null : tls.getProtocol();
    }

    /** The cipher suite of TLS by its IANA name; null on a plaintext connection. */
    public @Nullable String tlsCipher() {
        return tls == null ? null : tls.getCipherSuite();
    }
}
