// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call that is started and does not leave before something else is done: for interceptors that have to wait for what they
 * add to a call. What the application does meanwhile is kept, and done behind the start in the same order.
 *
 * <pre>
 *   new ── start ──▶ held ── prepared ──▶ leaving ── all that was kept is said ──▶ open
 *    └─ cancel ─▶ over ◀──┘ cancel, deadline, preparation failed
 * </pre>
 *
 * <p>The deadline counts from the start, and what ends a call while it is held ends it at once: nothing is ever sent of it. A
 * stream of requests is not ready while it is held. The channel does not know a held call: one that is shut down meanwhile refuses it.
 *
 * <p>Thread rule: as for any {@link ClientCall}. The call leaves, and its listener may be called, on the thread that completes
 * the preparation, unless the call's options name an executor.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public final class HeldCall<Q, R> implements ClientCall<Q, R> {

    private enum State {
        NEW,
        HELD,
        LEAVING,
        OVER
    }

    private final MethodDescriptor<Q, R> method;
    private final CallOptions options;
    private final Channel next;
    private final String waitsFor;
    private final Function<Metadata, ? extends CompletionStage<Metadata>> preparation;

    /** Done when the deadline passes; cancelled when it does not matter here any more. */
    private final CompletableFuture<Void> deadlinePassed = new CompletableFuture<>();

    // Guarded by this.
    private State state = State.NEW;
    private @Nullable Status cancelled;
    private @Nullable Listener<R> listener;
    private @Nullable Deque<Consumer<ClientCall<Q, R>>> kept = new ArrayDeque<>(4);

    private volatile @Nullable ClientCall<Q, R> open;

    /**
     * @param next where the call is made when it is started, to leave later
     * @param waitsFor what the call waits for, as in "its credentials"; for people
     * @param preparation asked once, with the headers of {@link #start} and on its thread, for those to leave with; must not block.
     *     A {@link StatusException} ends the call with its status, anything else with INTERNAL
     */
    public HeldCall(
            MethodDescriptor<Q, R> method,
            CallOptions options,
            Channel next,
            String waitsFor,
            Function<Metadata, ? extends CompletionStage<Metadata>> preparation) {
        this.method = method;
        this.options = options;
        this.next = next;
        this.waitsFor = waitsFor;
        this.preparation = preparation;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        Deadline deadline = options.effectiveDeadline();
        ClientCall<Q, R> call = next.newCall(method, options.withTimeout(null).withDeadline(deadline));
        Status end;
        synchronized (this) {
            if (this.listener != null) {
                throw new IllegalStateException("the call of " + method.fullName() + " was started before");
            }
            this.listener = listener;
            end = cancelled;
            state = State.HELD;
            if (end != null) {
                abandon(); // Here: whoever cancels again meanwhile must not find it held.
            }
        }
        if (end != null) {
            tell(() -> listener.onClose(end, Metadata.EMPTY));
            return;
        }
        if (deadline != null) {
            deadlinePassed.thenRun(this::expire);
            deadlinePassed.completeOnTimeout(null, Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        }
        prepared(headers).whenComplete((complete, failure) -> {
            if (failure == null) {
                leave(call, complete);
            } else {
                fail(failure);
            }
        });
    }

    private CompletionStage<Metadata> prepared(Metadata headers) {
        try {
            return preparation.apply(headers);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    // ---- how it leaves ----

    private void leave(ClientCall<Q, R> call, Metadata headers) {
        Listener<R> hearing;
        synchronized (this) {
            if (state != State.HELD || listener == null) {
                return; // It was cancelled, or its deadline has passed; nobody waits for it.
            }
            state = State.LEAVING;
            hearing = method.kind().hasRequestStream() ? new SerialListener<>(listener) : listener;
        }
        deadlinePassed.cancel(false);
        try {
            call.start(hearing, headers);
        } catch (RuntimeException | Error impossible) {
            abandon();
            Status status = Status.of(StatusCode.INTERNAL, "the call could not be started")
                    .withCause(impossible);
            tell(() -> hearing.onClose(status, Metadata.EMPTY));
            return;
        }
        try {
            for (Deque<Consumer<ClientCall<Q, R>>> steps = catchUp(call); steps != null; steps = catchUp(call)) {
                steps.forEach(step -> step.accept(call)); // Outside the lock: listeners may be called.
            }
        } catch (RuntimeException | Error wrong) {
            abandon();
            call.cancel("a request could not be sent", wrong);
            return;
        }
        if (method.kind().hasRequestStream() && call.isReady()) {
            tell(() -> sayReady(call, hearing)); // Whoever asked before was told to wait.
        }
    }

    /** Other events may be heard here with it; a listener that has missed one must not hear that all went well. */
    private void sayReady(ClientCall<Q, R> call, Listener<R> hearing) {
        try {
            hearing.onReady();
        } catch (Throwable thrown) {
            call.cancel("a listener failed", thrown);
        }
    }

    /** What was kept since the last look; null, and from now on nothing is kept, when that is nothing. */
    private synchronized @Nullable Deque<Consumer<ClientCall<Q, R>>> catchUp(ClientCall<Q, R> call) {
        Deque<Consumer<ClientCall<Q, R>>> steps = kept;
        if (steps == null || steps.isEmpty()) {
            kept = null;
            open = call;
            return null;
        }
        kept = new ArrayDeque<>(4);
        return steps;
    }

    private synchronized void abandon() {
        state = State.OVER;
        kept = null;
    }

    // ---- how it ends without having left ----

    private void expire() {
        end(
                Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed while the call waited for " + waitsFor),
                Metadata.EMPTY);
    }

    private void fail(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StatusException refused) {
            end(refused.status(), refused.trailers());
        } else {
            end(
                    Status.of(StatusCode.INTERNAL, "the call could not get " + waitsFor)
                            .withCause(cause),
                    Metadata.EMPTY);
        }
    }

    private void end(Status status, Metadata trailers) {
        Listener<R> hearing;
        synchronized (this) {
            if (state != State.HELD || listener == null) {
                return;
            }
            hearing = listener;
            abandon();
        }
        deadlinePassed.cancel(false);
        tell(() -> hearing.onClose(status, trailers));
    }

    private void tell(Runnable event) {
        if (options.executor() == null) {
            event.run();
            return;
        }
        try {
            options.executor().execute(event);
        } catch (RejectedExecutionException full) {
            event.run(); // Better heard on this thread than never.
        }
    }

    // ---- what the application does meanwhile ----

    @Override
    public void cancel(String why, @Nullable Throwable cause) {
        Status status = Status.of(StatusCode.CANCELLED, why).withCause(cause);
        synchronized (this) {
            if (state == State.NEW) {
                cancelled = cancelled == null ? status : cancelled;
                return;
            }
        }
        end(status, Metadata.EMPTY);
        pass(call -> call.cancel(why, cause)); // If it has left meanwhile; else nobody keeps it.
    }

    @Override
    public void request(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("demand: " + messages + " (expected: >= 1)");
        }
        pass(call -> call.request(messages));
    }

    @Override
    public void send(Q request) {
        requireStarted();
        pass(call -> call.send(request));
    }

    @Override
    public void halfClose() {
        requireStarted();
        pass(ClientCall::halfClose);
    }

    @Override
    public void setMessageCompression(boolean compressed) {
        pass(call -> call.setMessageCompression(compressed));
    }

    @Override
    public boolean isResponseCompressed() {
        ClientCall<Q, R> call = open;
        return call != null && call.isResponseCompressed();
    }

    @Override
    public boolean isReady() {
        ClientCall<Q, R> call = open;
        return call == null ? !method.kind().hasRequestStream() : call.isReady();
    }

    private void pass(Consumer<ClientCall<Q, R>> step) {
        ClientCall<Q, R> call = open;
        if (call == null) {
            synchronized (this) {
                call = open;
                if (call == null) {
                    if (kept != null) {
                        kept.add(step);
                    }
                    return;
                }
            }
        }
        step.accept(call);
    }

    private synchronized void requireStarted() {
        if (state == State.NEW) {
            throw new IllegalStateException("the call of " + method.fullName() + " is not started");
        }
    }
}
