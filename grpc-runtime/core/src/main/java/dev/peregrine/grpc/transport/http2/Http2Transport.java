// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.TransportProvider;
import java.io.IOException;

/** gRPC over HTTP/2 with prior knowledge, over TCP. Found by {@link TransportProvider#network()}. */
public final class Http2Transport implements TransportProvider {

    @Override
    public ServerTransport listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        return Http2Server.listen(options, acceptor);
    }

    @Override
    public ClientTransport client(ConnectOptions options) {
        return new Http2Client(options);
    }

    @Override
    public boolean compresses() {
        return true;
    }
}
