// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a server asks of a transport. Immutable. */
public final class ListenOptions {

    private final List<SocketAddress> addresses;
    private final Values values;

    private ListenOptions(List<SocketAddress> addresses, Values values) {
        this.addresses = addresses;
        this.values = values;
    }

    /** These addresses with the defaults of everything else. */
    public static ListenOptions of(List<SocketAddress> addresses) {
        return new ListenOptions(List.copyOf(addresses), new Values());
    }

    /** Where to listen; port 0 takes a free one. */
    public List<SocketAddress> addresses() {
        return addresses;
    }

    /** What a client may ask of this server. */
    public Limits limits() {
        return values.limits;
    }

    /** These options with other limits. */
    public ListenOptions withLimits(Limits limits) {
        return with(changed -> changed.limits = limits);
    }

    /** How long this server keeps connections. */
    public ConnectionPolicy connections() {
        return values.connections;
    }

    /** These options with another policy for connections. */
    public ListenOptions withConnections(ConnectionPolicy connections) {
        return with(changed -> changed.connections = connections);
    }

    /** How sockets are made. */
    public SocketOptions sockets() {
        return values.sockets;
    }

    /** These options with sockets made in another way. */
    public ListenOptions withSockets(SocketOptions sockets) {
        return with(changed -> changed.sockets = sockets);
    }

    /** Whether connections begin with the PROXY protocol; by default they do not. */
    public ProxyProtocol proxyProtocol() {
        return values.proxyProtocol;
    }

    /** These options with or without the PROXY protocol. */
    public ListenOptions withProxyProtocol(ProxyProtocol proxyProtocol) {
        return with(changed -> changed.proxyProtocol = proxyProtocol);
    }

    /** How to speak TLS; null, the default, for plaintext. */
    public @Nullable TlsSource<ServerTls> tls() {
        return values.tls;
    }

    /** These options with TLS, or without. */
    public ListenOptions withTls(@Nullable TlsSource<ServerTls> tls) {
        return with(changed -> changed.tls = tls);
    }

    private ListenOptions with(Consumer<Values> change) {
        return new ListenOptions(addresses, values.with(change));
    }

    private static final class Values extends Settings<Values> {

        Limits limits = Limits.DEFAULT;
        ConnectionPolicy connections = ConnectionPolicy.DEFAULT;
        SocketOptions sockets = SocketOptions.DEFAULT;
        ProxyProtocol proxyProtocol = ProxyProtocol.OFF;

        @Nullable
        TlsSource<ServerTls> tls;
    }
}
