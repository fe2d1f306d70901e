// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.net.SocketAddress;
import java.util.List;

/**
 * What a server asks of a transport.
 *
 * @param addresses where to listen; port 0 takes a free one
 * @param limits what a client may ask of this server
 * @param sockets how sockets are made
 * @param proxyProtocol whether connections begin with the PROXY protocol
 */
public record ListenOptions(
        List<SocketAddress> addresses, Limits limits, SocketOptions sockets, ProxyProtocol proxyProtocol) {
    public ListenOptions {
        addresses = List.copyOf(addresses);
    }

    /** These addresses with the defaults of everything else. */
    public static ListenOptions of(List<SocketAddress> addresses) {
        return new ListenOptions(addresses, Limits.DEFAULT, SocketOptions.DEFAULT, ProxyProtocol.OFF);
    }

    /** These options with other limits. */
    public ListenOptions withLimits(Limits limits) {
        return new ListenOptions(addresses, limits, sockets, proxyProtocol);
    }

    /** These options with sockets made in another way. */
    public ListenOptions withSockets(SocketOptions sockets) {
        return new ListenOptions(addresses, limits, sockets, proxyProtocol);
    }

    /** These options with or without the PROXY protocol. */
    public ListenOptions withProxyProtocol(ProxyProtocol proxyProtocol) {
        return new ListenOptions(addresses, limits, sockets, proxyProtocol);
    }
}
