// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server asks of a transport.
 *
 * @param addresses where to listen; port 0 takes a free one
 * @param limits what a client may ask of this server
 * @param connections how long this server keeps connections
 * @param tls how to speak TLS; null for plaintext
 */
public record ListenOptions(
        List<SocketAddress> addresses,
        Limits limits,
        ConnectionPolicy connections,
        @Nullable TlsSource<ServerTls> tls) {
    public ListenOptions {
        addresses = List.copyOf(addresses);
    }

    /** These addresses with the defaults of everything else. */
    public static ListenOptions of(List<SocketAddress> addresses) {
        return new ListenOptions(addresses, Limits.DEFAULT, ConnectionPolicy.DEFAULT, null);
    }

    /** These options with other limits. */
    public ListenOptions withLimits(Limits limits) {
        return new ListenOptions(addresses, limits, connections, tls);
    }

    /** These options with TLS. */
    public ListenOptions withTls(TlsSource<ServerTls> tls) {
        return new ListenOptions(addresses, limits, connections, tls);
    }

    /** These options with another policy for connections. */
    public ListenOptions withConnections(ConnectionPolicy connections) {
        return new ListenOptions(addresses, limits, connections, tls);
    }
}
