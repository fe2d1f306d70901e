// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.CallAcceptor;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listens on addresses, and knows the connections that came of it so that it can close them. For any thread. */
@AnyThread
final class Http2Server implements ServerTransport {

    /** What clients and calls hear of it. */
    private static final String SHUTTING_DOWN = "the server shuts down";

    private static final Consumer<ServerRole> GRACE_OVER = role -> role.shutdownNow(SHUTTING_DOWN);

    private final EventLoops loops;
    private final ListenOptions options;
    private final Clock clock;
    private final CallAcceptor acceptor;
    private final @Nullable TlsContexts tls;
    private final Listeners listeners;
    private final Map<Connection, ServerRole> connections = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    /** Set when nobody listens any more: the last connection to end gives the loops back. */
    @AnyThread
    private volatile boolean shutDown;

    /** Set before {@link #shutDown} is. */
    @AnyThread
    private volatile @Nullable Future<?> graceEnd;

    private Http2Server(EventLoops loops, ListenOptions options, Clock clock, CallAcceptor acceptor) {
        this.loops = loops;
        this.options = options;
        this.clock = clock;
        this.acceptor = acceptor;
        this.tls = options.tls() == null ? null : TlsContexts.follow(options.tls(), null);
        this.listeners = new Listeners(loops, options, tls, this::connection);
    }

    static Http2Server listen(ListenOptions options, Clock clock, CallAcceptor acceptor) throws IOException {
        Http2Server server =
                new Http2Server(EventLoops.acquire(options.sockets().engine()), options, clock, acceptor);
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
        Connection connection = new Connection(channel, options.limits(), true, clock, created -> {
            ServerRole role = new ServerRole(created, options.connections(), acceptor, closed -> forget(created));
            connections.put(created, role);
            return role;
        });
        if (stopping.get()) { // Behind the put: either shutdown finds the connection, or it is found out here.
            channel.close();
        }
        return connection;
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
                eachConnection(GRACE_OVER);
            }
            return terminated;
        }
        if (grace.isZero() || grace.isNegative()) {
            eachConnection(GRACE_OVER);
        } else {
            eachConnection(role -> role.drain(SHUTTING_DOWN));
            graceEnd = clock.schedule(
                    loops.next(), () -> eachConnection(GRACE_OVER), TimeUnit.MILLISECONDS.toNanos(grace.toMillis()));
        }
        listeners.close(() -> {
            shutDown = true;
            checkTerminated();
        });
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
        if (!shutDown || !connections.isEmpty()) {
            return;
        }
        if (graceEnd != null) {
            graceEnd.cancel(false);
        }
        if (terminated.complete(null)) {
            EventLoops.release(loops);
            if (tls != null) {
                tls.close();
            }
        }
    }
}
