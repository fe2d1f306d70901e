// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.TransportProvider;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** A transport whose connections can be cut off, as an abandoned attempt does with what it led to. */
record Severable(TransportProvider provider, Queue<ClientTransport.Attempt> attempts) implements TransportProvider {

    Severable(TransportProvider provider) {
        this(provider, new ConcurrentLinkedQueue<>());
    }

    /** Cuts every connection that was made. */
    void sever() {
        for (ClientTransport.Attempt attempt = attempts.poll(); attempt != null; attempt = attempts.poll()) {
            attempt.abandon();
        }
    }

    int connections() {
        return attempts.size();
    }

    @Override
    public boolean reaches(SocketAddress address) {
        return provider.reaches(address);
    }

    @Override
    public ServerTransport listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        return provider.listen(options, acceptor);
    }

    @Override
    public ClientTransport client(ConnectOptions options) {
        ClientTransport client = provider.client(options);
        return new ClientTransport() {
            @Override
            public Attempt connect(SocketAddress address, ConnectionListener listener) {
                Attempt attempt = client.connect(address, listener);
                attempts.add(attempt);
                return attempt;
            }

            @Override
            public Executor executor() {
                return client.executor();
            }

            @Override
            public Timer schedule(Runnable task, long delayNanos) {
                return client.schedule(task, delayNanos);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
