// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Listens on addresses, and knows the connections that came of it so that it can close them. For any thread. */
@AnyThread
final class Http2Server implements ServerTransport {

    private final EventLoops loops;
    private final Limits limits;
    private final CallAcceptor acceptor;
    private final Listeners listeners;
    private final Map<Connection, ServerRole> connections = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    /** Set when {@link #shutdown} has no more use for the loops: the last connection to end gives them back. */
    @AnyThread
    private volatile boolean shutDown;

    private Http2Server(EventLoops loops, ListenOptions options, CallAcceptor acceptor) {
        this.loops = loops;
        this.limits = options.limits();
        this.acceptor = acceptor;
        this.listeners = new Listeners(loops, options, this::connection);
    }

    static Http2Server listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        Http2Server server =
                new Http2Server(EventLoops.acquire(options.sockets().engine()), options, acceptor);
        try {
            for (SocketAddress address : options.addresses()) {
                server.listeners.bind(address);
            }
            return server;
        } catch (IOException | RuntimeException failure) {
            server.shutdown(Duration.ZERO);
            throw failure;
        }
    }

    /** The connection of a socket that was just accepted. */
    private Connection connection(Channel channel) {
        if (stopping.get()) {
            channel.close();
        }
        return new Connection(channel, limits, true, created -> {
            ServerRole role = new ServerRole(created, acceptor, closed -> forget(created));
            connections.put(created, role);
            return role;
        });
    }

    private void forget(Connection closed) {
        connections.remove(closed);
        checkTerminated();
    }

    @Override
    public List<SocketAddress> addresses() {
        return listeners.addresses();
    }

    @Override
    public CompletionStage<Void> shutdown(Duration grace) {
        if (!stopping.compareAndSet(false, true)) {
            if (grace.isZero()) {
                eachConnection(ServerRole::shutdownNow);
            }
            return terminated;
        }
        listeners.close();
        if (grace.isZero() || grace.isNegative()) {
            eachConnection(ServerRole::shutdownNow);
        } else {
            eachConnection(ServerRole::drain);
            loops.next()
                    .schedule(
                            () -> {
                                if (!terminated.isDone()) {
                                    eachConnection(ServerRole::shutdownNow);
                                }
                            },
                            grace.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
        shutDown = true;
        checkTerminated();
        return terminated;
    }

    private void eachConnection(Consumer<ServerRole> action) {
        connections.forEach((connection, role) -> connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                action.accept(role);
            }
        }));
    }

    private void checkTerminated() {
        if (shutDown && connections.isEmpty() && terminated.complete(null)) {
            EventLoops.release(loops);
        }
    }
}
