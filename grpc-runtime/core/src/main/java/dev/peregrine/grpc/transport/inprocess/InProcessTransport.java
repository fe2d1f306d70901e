// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.TransportProvider;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * Carries calls within the process. Found by {@link TransportProvider#reaching} for every {@link InProcessAddress}.
 *
 * <p>Limits hold as on the network: sizes of messages and metadata, concurrent calls, and how far a writer may be ahead of
 * its reader ({@code streamWindow} of the reader and {@code writeBufferHighWater} of the writer together). Those that
 * protect a connection from a hostile peer, {@code connectionWindow}, {@code maxResetsPerWindow},
 * {@code maxQueuedControlFrames} and {@code handshakeTimeout}, have nothing to do here.
 */
public final class InProcessTransport implements TransportProvider {

    @Override
    public boolean reaches(SocketAddress address) {
        return address instanceof InProcessAddress;
    }

    /**
     * @throws java.net.BindException if a server of this process has one of the names
     * @throws IllegalArgumentException if an address is not an {@link InProcessAddress}
     */
    @Override
    public ServerTransport listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        return InProcessServer.listen(options, acceptor);
    }

    @Override
    public ClientTransport client(ConnectOptions options) {
        return new InProcessClient(options);
    }
}
