// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a client channel asks of a transport.
 *
 * @param userAgent the value of the {@code user-agent} header
 * @param limits what a server may ask of this client
 * @param sockets how sockets are made
 * @param tunnel the way through a proxy; null goes straight to the server
 */
public record ConnectOptions(
        String userAgent,
        Limits limits,
        SocketOptions sockets,
        @Nullable Tunnel tunnel) {

    /** This user agent with the defaults of everything else. */
    public static ConnectOptions of(String userAgent) {
        return new ConnectOptions(userAgent, Limits.DEFAULT, SocketOptions.DEFAULT, null);
    }

    /** These options with other limits. */
    public ConnectOptions withLimits(Limits limits) {
        return new ConnectOptions(userAgent, limits, sockets, tunnel);
    }

    /** These options with sockets made in another way. */
    public ConnectOptions withSockets(SocketOptions sockets) {
        return new ConnectOptions(userAgent, limits, sockets, tunnel);
    }

    /** These options with a way through a proxy, or straight to the server. */
    public ConnectOptions withTunnel(@Nullable Tunnel tunnel) {
        return new ConnectOptions(userAgent, limits, sockets, tunnel);
    }
}
