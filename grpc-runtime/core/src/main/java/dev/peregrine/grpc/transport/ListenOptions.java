// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server asks of a transport.
 *
 * @param addresses where to listen; port 0 takes a free one
 * @param limits what a client may ask of this server
 * @param connections how long this server keeps connections
 * @param sockets how sockets are made
 * @param proxyProtocol whether connections begin with the PROXY protocol
 * @param tls how to speak TLS; null for plaintext
 */
public record ListenOptions(
        List<SocketAddress> addresses,
        Limits limits,
        ConnectionPolicy connections,
        SocketOptions sockets,
        ProxyProtocol proxyProtocol,
        @Nullable TlsSource<ServerTls> tls) {

    public ListenOptions {
        addresses = List.copyOf(addresses);
    }

    /** These addresses with the defaults of everything else. */
    public static ListenOptions of(List<SocketAddress> addresses) {
        return new ListenOptions(
                addresses, Limits.DEFAULT, ConnectionPolicy.DEFAULT, SocketOptions.DEFAULT, ProxyProtocol.OFF, null);
    }

    /** These options with other limits. */
    public ListenOptions withLimits(Limits limits) {
        return new ListenOptions(addresses, limits, connections, sockets, proxyProtocol, tls);
    }

    /** These options with another policy for connections. */
    public ListenOptions withConnections(ConnectionPolicy connections) {
        return new ListenOptions(addresses, limits, connections, sockets, proxyProtocol, tls);
    }

    /** These options with sockets made in another way. */
    public ListenOptions withSockets(SocketOptions sockets) {
        return new ListenOptions(addresses, limits, connections, sockets, proxyProtocol, tls);
    }

    /** These options with or without the PROXY protocol. */
    public ListenOptions withProxyProtocol(ProxyProtocol proxyProtocol) {
        return new ListenOptions(addresses, limits, connections, sockets, proxyProtocol, tls);
    }

    /** These options with TLS, or without. */
    public ListenOptions withTls(@Nullable TlsSource<ServerTls> tls) {
        return new ListenOptions(addresses, limits, connections, sockets, proxyProtocol, tls);
    }
}
