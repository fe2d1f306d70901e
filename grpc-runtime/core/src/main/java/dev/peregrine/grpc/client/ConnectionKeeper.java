// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.OutboundMessage;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a channel's one connection: makes it when it is needed, makes it again when it is lost, and holds calls while
 * there is none.
 *
 * <pre>
 *            call                connected
 *   IDLE ───────────▶ CONNECTING ─────────▶ READY
 *    ▲                         │ all addresses failed ▲ │ lost, or server drains, or idle
 *    │                         ▼                      │ │
 *    │     backoff, again ◀─▶ TRANSIENT_FAILURE ──────┘ │
 *    └──────────────────────────────────────────────────┘
 *   any ── shutdown ──▶ SHUTDOWN
 * </pre>
 *
 * <p>A channel that could not connect is in TRANSIENT_FAILURE until it is connected, also while it tries again (gRFC A62):
 * calls that do not wait fail at once, instead of waiting for one more attempt that is likely to fail.
 *
 * <p>Thread rule: state changes on the transport's executor only; {@link #open} and {@link #state} from any thread.
 */
final class ConnectionKeeper {

    private final Target target;
    private final Function<Target, CompletionStage<List<SocketAddress>>> resolver;
    private final ClientTransport transport;
    private final Backoff backoff;
    private final int maxWaiting;
    private final Deque<DelayedStream> waiting = new ArrayDeque<>();
    private final Set<Attempt> live = new HashSet<>();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    private volatile ConnectivityState state = ConnectivityState.IDLE;
    private volatile @Nullable ClientConnection ready;
    private volatile boolean shutDown;
    private Status lastFailure = Status.of(StatusCode.UNAVAILABLE);
    private ClientTransport.@Nullable Timer retryTimer;

    /**
     * @param maxWaiting how many calls may wait for a connection
     */
    ConnectionKeeper(
            Target target,
            Function<Target, CompletionStage<List<SocketAddress>>> resolver,
            ClientTransport transport,
            Backoff backoff,
            int maxWaiting) {
        this.target = target;
        this.resolver = resolver;
        this.transport = transport;
        this.backoff = backoff;
        this.maxWaiting = maxWaiting;
    }

    ConnectivityState state() {
        return state;
    }

    CompletableFuture<Void> terminated() {
        return terminated;
    }

    /** Opens a call on the connection, or keeps it until there is one. */
    ClientStream open(
            CallHead head,
            @Nullable OutboundMessage<?> sole,
            int demand,
            ClientStreamListener listener,
            boolean waitForReady) {
        ClientConnection connection = ready;
        if (connection != null && !shutDown) {
            return connection.open(head, sole, demand, listener);
        }
        DelayedStream delayed = new DelayedStream(head, sole, demand, listener, waitForReady, transport.executor());
        if (!run(() -> admit(delayed))) {
            delayed.fail(shutDown());
        }
        return delayed;
    }

    /** Starts to connect if nothing else has. */
    void connect() {
        run(() -> {
            if (state == ConnectivityState.IDLE) {
                startConnecting();
            }
        });
    }

    /** No new calls; those that are under way finish, unless {@code force}. */
    void shutdown(boolean force) {
        shutDown = true; // For calls that come before the executor gets to it.
        run(() -> shutdownNow(force));
    }

    /** Runs the task on the transport's executor; false if that is gone, as it may be when the channel is terminated. */
    private boolean run(Runnable task) {
        try {
            transport.executor().execute(task);
            return true;
        } catch (RejectedExecutionException terminated) {
            return false;
        }
    }

    // ---- everything below runs on the transport's executor ----

    private void admit(DelayedStream call) {
        ClientConnection connection = ready;
        if (connection != null) {
            call.open(connection);
            return;
        }
        if (state == ConnectivityState.SHUTDOWN) {
            call.fail(shutDown());
            return;
        }
        if (state == ConnectivityState.TRANSIENT_FAILURE && !call.waitsForReady()) {
            call.fail(lastFailure);
            return;
        }
        if (waiting.size() >= maxWaiting && !waiting.removeIf(other -> !other.isWaiting())) {
            call.fail(Status.of(
                    StatusCode.RESOURCE_EXHAUSTED,
                    maxWaiting + " calls wait for a connection to " + target + " already, more may not; raise the"
                            + " channel's limit maxWaitingCalls, or make fewer calls at once"));
            return;
        }
        waiting.add(call);
        startDeadline(call);
        if (state == ConnectivityState.IDLE) {
            startConnecting();
        }
    }

    private void startDeadline(DelayedStream call) {
        Deadline deadline = call.head().deadline();
        if (deadline != null) {
            call.deadlineTimer(transport.schedule(
                    () -> {
                        waiting.remove(call);
                        call.fail(Status.of(
                                StatusCode.DEADLINE_EXCEEDED,
                                "the deadline passed while waiting for a connection to " + target + ", which is "
                                        + state + lastFailureText()));
                    },
                    Math.max(0, deadline.remainingNanos())));
        }
    }

    private String lastFailureText() {
        String description = lastFailure.description();
        return state == ConnectivityState.TRANSIENT_FAILURE && description != null ? " (" + description + ")" : "";
    }

    private void startConnecting() {
        if (state != ConnectivityState.TRANSIENT_FAILURE) { // Which lasts until a connection is there (gRFC A62).
            state = ConnectivityState.CONNECTING;
        }
        retryTimer = null;
        resolver.apply(target).whenCompleteAsync(this::onResolved, transport.executor());
    }

    private void onResolved(@Nullable List<SocketAddress> addresses, @Nullable Throwable failure) {
        if (state == ConnectivityState.SHUTDOWN) {
            return; // Shut down while the look-up was under way.
        }
        if (addresses == null || failure != null) {
            String why = failure == null ? "no addresses were found for " + target : failure.getMessage();
            connectFailed(Status.of(StatusCode.UNAVAILABLE, String.valueOf(why)).withCause(failure));
            return;
        }
        new Attempt(addresses.iterator()).next();
    }

    private void connectFailed(Status why) {
        lastFailure = why;
        state = ConnectivityState.TRANSIENT_FAILURE;
        for (Iterator<DelayedStream> calls = waiting.iterator(); calls.hasNext(); ) {
            DelayedStream call = calls.next();
            if (!call.waitsForReady() || !call.isWaiting()) {
                calls.remove();
                call.fail(why);
            }
        }
        retryTimer = transport.schedule(this::startConnecting, backoff.nextDelayNanos());
    }

    private void becameReady(ClientConnection connection) {
        backoff.reset();
        state = ConnectivityState.READY;
        ready = connection;
        for (DelayedStream call = waiting.poll(); call != null; call = waiting.poll()) {
            call.open(connection);
        }
    }

    /** The connection takes no more calls: the next call makes a new one. */
    private void lost(ClientConnection connection) {
        if (ready == connection) {
            ready = null;
            state = ConnectivityState.IDLE;
        }
    }

    private void shutdownNow(boolean force) {
        state = ConnectivityState.SHUTDOWN;
        ready = null;
        if (retryTimer != null) {
            retryTimer.cancel();
        }
        for (DelayedStream call = waiting.poll(); call != null; call = waiting.poll()) {
            call.fail(shutDown());
        }
        for (Attempt attempt : List.copyOf(live)) {
            attempt.close(force);
        }
        checkTerminated();
    }

    private void checkTerminated() {
        if (state == ConnectivityState.SHUTDOWN && live.isEmpty() && !terminated.isDone()) {
            transport.close();
            terminated.complete(null);
        }
    }

    private Status shutDown() {
        return Status.of(StatusCode.UNAVAILABLE, "the channel to " + target + " is shut down");
    }

    /** One walk over the addresses, and the connection it led to. */
    private final class Attempt implements ConnectionListener {

        private final Iterator<SocketAddress> addresses;
        private ClientTransport.@Nullable Attempt connecting;
        private @Nullable ClientConnection connection;
        private Status failure = Status.of(StatusCode.UNAVAILABLE, "no addresses were found for " + target);

        Attempt(Iterator<SocketAddress> addresses) {
            this.addresses = addresses;
        }

        void next() {
            if (addresses.hasNext()) {
                live.add(this);
                connecting = transport.connect(addresses.next(), this);
            } else {
                connectFailed(failure);
            }
        }

        void close(boolean force) {
            if (connection == null) {
                if (connecting != null) {
                    connecting.abandon();
                }
            } else if (force) {
                connection.shutdownNow(Status.of(StatusCode.CANCELLED, "the channel to " + target + " was closed"));
            } else {
                connection.shutdown();
            }
        }

        @Override
        public void onReady(ClientConnection connection) {
            this.connection = connection;
            if (state == ConnectivityState.SHUTDOWN) {
                connection.shutdown();
            } else {
                becameReady(connection);
            }
        }

        @Override
        public void onDraining() {
            if (connection != null) {
                lost(connection);
            }
        }

        @Override
        public void onClosed(Status why) {
            live.remove(this);
            if (state == ConnectivityState.SHUTDOWN) {
                checkTerminated();
            } else if (connection != null) {
                lost(connection);
            } else {
                failure = Status.of(StatusCode.UNAVAILABLE, "no connection to " + target + ": " + why.description())
                        .withCause(why.cause());
                next();
            }
        }
    }
}
