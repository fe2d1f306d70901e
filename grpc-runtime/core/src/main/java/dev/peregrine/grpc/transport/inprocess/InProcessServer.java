// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has names by which channels find it, and knows the connections that came of it. For any thread. */
final class InProcessServer implements ServerTransport {

    /** The servers of this process by the names they listen on. */
    private static final ConcurrentMap<SocketAddress, InProcessServer> LISTENING = new ConcurrentHashMap<>();

    private final List<SocketAddress> addresses;
    private final Limits limits;
    private final CallAcceptor acceptor;
    private final EventExecutorGroup threads = InProcessThreads.acquire();
    private final Set<InProcessConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    /** Set when {@link #shutdown} has no more use for the threads: the last connection to end gives them back. */
    private volatile boolean shutDown;

    private volatile @Nullable ScheduledFuture<?> graceTimer;

    private InProcessServer(ListenOptions options, CallAcceptor acceptor) {
        this.addresses = options.addresses();
        this.limits = options.limits();
        this.acceptor = acceptor;
    }

    static InProcessServer listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        for (SocketAddress address : options.addresses()) {
            if (!(address instanceof InProcessAddress)) {
                throw new IllegalArgumentException("address: " + address + " (expected: an InProcessAddress)");
            }
        }
        InProcessServer server = new InProcessServer(options, acceptor);
        for (SocketAddress address : options.addresses()) {
            if (LISTENING.putIfAbsent(address, server) != null) {
                server.shutdown(Duration.ZERO);
                throw new BindException("cannot listen on " + address
                        + ": a server of this process does already; shut it down first, or choose another name");
            }
        }
        return server;
    }

    /** The server that listens there; null if there is none. */
    static @Nullable InProcessServer at(SocketAddress address) {
        return LISTENING.get(address);
    }

    Limits limits() {
        return limits;
    }

    CallAcceptor acceptor() {
        return acceptor;
    }

    /** Whether the new connection is welcome; a server that shuts down takes no more. */
    boolean join(InProcessConnection connection) {
        connections.add(connection);
        if (stopping.get()) {
            forget(connection);
            return false;
        }
        return true;
    }

    void forget(InProcessConnection closed) {
        connections.remove(closed);
        checkTerminated();
    }

    @Override
    public List<SocketAddress> addresses() {
        return addresses;
    }

    @Override
    public CompletionStage<Void> shutdown(Duration grace) {
        boolean atOnce = grace.isZero() || grace.isNegative();
        if (!stopping.compareAndSet(false, true)) {
            if (atOnce) {
                eachConnection(InProcessConnection::abandonCalls);
            }
            return terminated;
        }
        addresses.forEach(address -> LISTENING.remove(address, this));
        if (atOnce) {
            eachConnection(InProcessConnection::abandonCalls);
        } else {
            eachConnection(InProcessConnection::drain);
            graceTimer = threads.schedule(
                    () -> eachConnection(InProcessConnection::abandonCalls),
                    TimeUnit.NANOSECONDS.convert(grace),
                    TimeUnit.NANOSECONDS);
        }
        shutDown = true;
        checkTerminated();
        return terminated;
    }

    private void eachConnection(Consumer<InProcessConnection> action) {
        connections.forEach(connection -> connection.thread().post(() -> action.accept(connection)));
    }

    private void checkTerminated() {
        if (shutDown && connections.isEmpty() && terminated.complete(null)) {
            ScheduledFuture<?> timer = graceTimer;
            if (timer != null) {
                timer.cancel(false);
            }
            InProcessThreads.release();
        }
    }
}
