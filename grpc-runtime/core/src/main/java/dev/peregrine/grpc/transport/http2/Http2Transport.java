// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.TransportProvider;
import java.io.IOException;
import java.net.SocketAddress;

/** gRPC over HTTP/2 with prior knowledge, over TCP and unix sockets. Found by {@link TransportProvider#network()}. */
public final class Http2Transport implements TransportProvider {

    private final Clock clock;

    public Http2Transport() {
        this(Clock.SYSTEM);
    }

    /** A transport that goes by another clock. */
    Http2Transport(Clock clock) {
        this.clock = clock;
    }

    @Override
    public boolean reaches(SocketAddress address) {
        return !(address instanceof InProcessAddress);
    }

    @Override
    public ServerTransport listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        return Http2Server.listen(options, clock, acceptor);
    }

    @Override
    public ClientTransport client(ConnectOptions options) {
        return new Http2Client(options, clock);
    }

    @Override
    public boolean compresses() {
        return true;
    }
}
