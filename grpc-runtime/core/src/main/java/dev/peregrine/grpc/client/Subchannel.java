// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

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
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.OutboundMessage;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A channel's one connection: made when it is needed, and made again when it is lost and needed again. Calls wait in
 * {@link WaitingCalls} while there is none.
 *
 * <pre>
 *            call, connect()               an address answers
 *   IDLE ──────────────────────▶ CONNECTING ───────────────▶ READY
 *    ▲                               │                        ▲ │
 *    │                               │ none does              │ │
 *    │                               ▼      an address answers│ │
 *    │                       TRANSIENT_FAILURE ───────────────┘ │
 *    │                         │           ▲                    │
 *    │                         └───────────┘                    │
 *    │                      backoff, and none does              │
 *    │                                                          │
 *    └─────────── lost, idle, or the server goes away ──────────┘
 *
 *   any ── shutdown ──▶ SHUTDOWN
 * </pre>
 *
 * <p>TRANSIENT_FAILURE lasts until there is a connection, also while one is tried again (gRFC A62): calls that do not wait fail
 * at once, instead of waiting for one more attempt that is likely to fail. It goes on trying, whether calls wait or not, and so
 * does not become IDLE.
 *
 * <p>Behind a shutdown nobody sees these states any more, but they go on as long as calls wait that were made before it.
 *
 * <p>Thread rule: state changes on the transport's executor only; {@link #open}, {@link #openAgain}, {@link #connect},
 * {@link #shutdown} and {@link #state} from any thread.
 */
final class Subchannel {

    private final Target target;
    private final Function<Target, CompletionStage<List<SocketAddress>>> resolver;
    private final ClientTransport transport;
    private final Backoff backoff;
    private final Limits limits;
    private final WaitingCalls waiting;

    /** Connections, and attempts to make one, that are not over. */
    private final Set<AddressWalk> live = new HashSet<>();

    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    private volatile ConnectivityState state = ConnectivityState.IDLE;
    private volatile @Nullable ClientConnection ready;

    /** Set before the executor gets to it, for calls that come in between. */
    private volatile boolean shutDown;

    /** Calls that are sent again and have not got to the executor yet: they keep the channel from terminating. */
    private final AtomicInteger returning = new AtomicInteger();

    // The executor's.
    private boolean closing;
    private boolean forced;
    private Status lastFailure = Status.of(StatusCode.UNAVAILABLE);
    private ClientTransport.@Nullable Timer retryTimer;

    /** Which look-up counts: the answers to those before it come too late. */
    private int lookup;

    Subchannel(
            Target target,
            Function<Target, CompletionStage<List<SocketAddress>>> resolver,
            ClientTransport transport,
            Backoff backoff,
            Limits limits) {
        this.target = target;
        this.resolver = resolver;
        this.transport = transport;
        this.backoff = backoff;
        this.limits = limits;
        this.waiting = new WaitingCalls(target, transport, limits.maxWaitingCalls(), this::situation, this::settle);
    }

    ConnectivityState state() {
        return shutDown ? ConnectivityState.SHUTDOWN : state;
    }

    Limits limits() {
        return limits;
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
        DelayedStream delayed = new DelayedStream(head, sole, demand, listener, waitForReady, waiting);
        if (shutDown || !run(() -> admit(delayed))) {
            delayed.fail(shutDown());
        }
        return delayed;
    }

    /** As {@link #open}, for a call that was taken before: a shutdown does not concern it, unless it is forced. */
    ClientStream openAgain(
            CallHead head,
            @Nullable OutboundMessage<?> sole,
            int demand,
            ClientStreamListener listener,
            boolean waitForReady) {
        ClientConnection connection = ready;
        if (connection != null) {
            return connection.open(head, sole, demand, listener);
        }
        DelayedStream delayed = new DelayedStream(head, sole, demand, listener, waitForReady, waiting);
        returning.incrementAndGet();
        boolean taken = run(() -> {
            returning.decrementAndGet();
            admit(delayed);
            settle();
        });
        if (!taken) {
            returning.decrementAndGet();
            delayed.fail(shutDown());
        }
        return delayed;
    }

    /** Starts to connect if nothing else has. */
    void connect() {
        run(() -> {
            if (state == ConnectivityState.IDLE && !closing) {
                startConnecting();
            }
        });
    }

    /** No new calls; those that were made finish, unless {@code force}, also those that wait for a connection. */
    void shutdown(boolean force) {
        shutDown = true;
        run(() -> {
            closing = true;
            if (force) {
                forced = true;
                waiting.failAll(shutDown());
            }
            settle();
        });
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
        } else if (forced || terminated.isDone()) {
            call.fail(shutDown());
        } else if (state == ConnectivityState.TRANSIENT_FAILURE && !call.waitsForReady()) {
            call.fail(lastFailure);
        } else if (waiting.add(call) && state == ConnectivityState.IDLE) {
            startConnecting();
        }
    }

    private void startConnecting() {
        if (state != ConnectivityState.TRANSIENT_FAILURE) { // Which lasts until a connection is there (gRFC A62).
            state = ConnectivityState.CONNECTING;
        }
        retryTimer = null;
        int mine = ++lookup;
        CompletionStage<List<SocketAddress>> addresses;
        try {
            addresses = resolver.apply(target);
        } catch (RuntimeException | Error thrown) { // A resolver that fails is no reason to stay CONNECTING for ever.
            addresses = CompletableFuture.failedStage(thrown);
        }
        addresses.whenCompleteAsync((found, failure) -> onResolved(mine, found, failure), transport.executor());
    }

    private void onResolved(int mine, @Nullable List<SocketAddress> addresses, @Nullable Throwable failure) {
        if (mine != lookup) {
            return; // Shut down while the look-up was under way.
        }
        if (addresses == null || failure != null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            String why = cause == null
                    ? "no addresses were found for " + target
                    : cause.getMessage() == null ? target + " cannot be resolved: " + cause : cause.getMessage();
            connectFailed(Status.of(StatusCode.UNAVAILABLE, why).withCause(cause));
            return;
        }
        new AddressWalk(this, transport, target, addresses.iterator()).next();
    }

    /** An attempt to connect is under way, or has led to a connection. */
    void walkStarted(AddressWalk walk) {
        live.add(walk);
    }

    void walkOver(AddressWalk walk) {
        live.remove(walk);
        checkTerminated();
    }

    /** No address has answered. */
    void connectFailed(Status why) {
        lastFailure = why;
        state = ConnectivityState.TRANSIENT_FAILURE;
        waiting.failImpatient(why);
        settle();
        if (!isSettled()) {
            retryTimer = transport.schedule(this::startConnecting, backoff.nextDelayNanos());
        }
    }

    void becameReady(ClientConnection connection) {
        backoff.reset();
        state = ConnectivityState.READY;
        ready = connection;
        waiting.openAll(connection);
        settle();
    }

    /** The connection takes no more calls: the next call makes a new one. */
    void lost(ClientConnection connection) {
        if (ready == connection) {
            ready = null;
            state = ConnectivityState.IDLE;
        }
    }

    /** Behind a shutdown, and no call waits for a connection. */
    private boolean isSettled() {
        return closing && waiting.isEmpty();
    }

    /** Closes, behind a shutdown, as soon as nobody waits for a connection any more. */
    private void settle() {
        if (!isSettled()) {
            return;
        }
        ready = null;
        state = ConnectivityState.IDLE;
        lookup++;
        if (retryTimer != null) {
            retryTimer.cancel();
            retryTimer = null;
        }
        for (AddressWalk walk : List.copyOf(live)) {
            walk.close(forced);
        }
        checkTerminated();
    }

    private void checkTerminated() {
        if (isSettled() && live.isEmpty() && returning.get() == 0 && !terminated.isDone()) {
            transport.close();
            terminated.complete(null);
        }
    }

    /** What a call waits for, as the text of its end tells it. */
    private String situation() {
        String description = lastFailure.description();
        return state == ConnectivityState.TRANSIENT_FAILURE && description != null
                ? state + " (" + description + ")"
                : state.toString();
    }

    private Status shutDown() {
        return Status.of(StatusCode.UNAVAILABLE, "the channel to " + target + " is shut down");
    }
}
