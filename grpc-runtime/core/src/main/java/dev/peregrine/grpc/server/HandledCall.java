// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.CurrentCall;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.OffLoop;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.wire.RequestHeaders;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How the events of a call reach its handler: the middle layer of three, see {@link AnsweredCall}. In place on the
 * connection's thread, or one after the other on threads of an executor; the call is current meanwhile.
 */
abstract sealed class HandledCall extends AnsweredCall permits RunningCall {

    private static final Status NO_THREAD =
            Status.of(StatusCode.RESOURCE_EXHAUSTED, "the server has no thread free for this call; try again later");

    /** How events reach a handler on another thread; null if it runs in place. */
    private @Nullable SerialEvents events;

    private final @Nullable HandlerThread handlerThread;
    private int depth;

    // Connection's thread.
    /** An event is being heard on this thread. */
    private boolean inPlace;

    /** What is to be heard elsewhere, as soon as nothing is heard here. */
    private @Nullable Runnable behind;

    /** No thread took the call, or its requests break the rules: what else comes of them is dropped. */
    boolean refused;

    /** Set once by the connection's thread: nothing that is sent from now on arrives anywhere. */
    volatile boolean over;

    HandledCall(ServedMethod<?, ?> served, RequestHeaders head, ServerStream stream, @Nullable SerialEvents events) {
        super(served, head, stream);
        this.events = events;
        this.handlerThread = events == null ? null : new HandlerThread();
    }

    /** Ends the call with what application code threw. */
    public abstract void fail(Throwable thrown);

    /** Whether the handler may take its time, because it has a thread of its own. */
    final boolean mayBlock() {
        return handlerThread != null;
    }

    /**
     * The next event takes long: a handler that runs in place hears it, and all that follow, on an {@link OffLoop} thread.
     * Connection's thread.
     */
    final void leaveEventLoop() {
        if (events == null) {
            events = new SerialEvents(this::hearElsewhere);
        }
    }

    /** A handler that asks for a request while it hears something else here may get it at once: then that waits. */
    private void hearElsewhere(Runnable delivery) {
        if (inPlace) {
            behind = delivery;
        } else {
            OffLoop.EXECUTOR.execute(delivery);
        }
    }

    private void hearInPlace(Runnable event) {
        if (inPlace) {
            guarded(event);
            return;
        }
        inPlace = true;
        try {
            guarded(event);
        } finally {
            inPlace = false;
        }
        Runnable delivery = behind;
        if (delivery != null) {
            behind = null;
            OffLoop.EXECUTOR.execute(delivery);
        }
    }

    /** Hands the event over; false if there is no thread for it, in which case the call is over. */
    final boolean deliver(Runnable event) {
        if (events == null) {
            hearInPlace(event);
            return true;
        }
        try {
            events.offer(() -> guarded(event));
            return true;
        } catch (RejectedExecutionException full) {
            refused = true;
            if (over) {
                return false; // Answered already, or nobody is there to hear an answer.
            }
            over = true;
            Status why = full instanceof CallRefusedException refusal ? refusal.status() : NO_THREAD;
            cancel(why); // A handler that was at work has no other way to hear of it.
            stream.end(why, full instanceof CallRefusedException refusal ? refusal.trailers() : Metadata.EMPTY);
            return false;
        }
    }

    /** Runs application code: the call is current, what it throws becomes a status. Nested runs pass exceptions up. */
    private void guarded(Runnable event) {
        if (depth > 0) {
            event.run();
            return;
        }
        CallContext outer = CurrentCall.swap(this);
        depth++;
        if (handlerThread != null) {
            handlerThread.enter();
        }
        try {
            event.run();
        } catch (Throwable thrown) {
            fail(thrown);
        } finally {
            if (handlerThread != null) {
                handlerThread.leave();
            }
            depth--;
            CurrentCall.swap(outer);
        }
    }

    /** See {@link ServerCall#awaitEvent}. */
    public final void awaitEvent() throws InterruptedException {
        SerialEvents coming = events;
        if (coming == null || !mayBlock()) {
            throw new IllegalStateException("the handler of " + method().fullName()
                    + " runs on the event loop, where nothing may wait; remove @NonBlocking, or use the async face");
        }
        if (!coming.await(() -> closed)) {
            throw Status.of(StatusCode.CANCELLED, "the call has been closed; nothing more happens to it")
                    .asException();
        }
    }

    /** Whether another thread is at work for this call right now; if so the task runs when it is not any more. */
    final boolean isHandling(Runnable whenFree) {
        return events != null && events.isBusy(whenFree);
    }

    /** The call has ended: a handler that waits for the next event looks whether that has a point. */
    final void wakeHandler() {
        if (events != null) {
            events.wake();
        }
    }

    final void interruptHandler() {
        if (handlerThread != null) {
            handlerThread.interrupt();
        }
    }
}
