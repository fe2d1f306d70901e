// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.CurrentCall;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.wire.RequestHead;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What happens around a handler when it hears the events of its call: the middle layer of three, see {@link AnsweredCall}. The
 * call is current meanwhile.
 */
abstract sealed class HandledCall extends AnsweredCall permits RunningCall {

    private final @Nullable HandlerThread handlerThread;

    /** Null if nothing limits how many calls there are. */
    private final @Nullable Admission admission;

    private int depth;

    /** The handler has been given something to hear; connection's thread. */
    private boolean begun;

    /** No thread took the call, or its requests break the rules: what else comes of them is dropped. */
    boolean refused;

    /** Set once by the connection's thread: nothing that is sent from now on arrives anywhere. */
    volatile boolean over;

    HandledCall(
            ServedMethod<?, ?> served,
            RequestHead head,
            ServerStream stream,
            @Nullable SerialEvents events,
            @Nullable Admission admission) {
        super(served, head, stream, events);
        this.admission = admission;
        this.handlerThread = events == null ? null : new HandlerThread();
    }

    /** Ends the call with what application code threw. */
    public abstract void fail(Throwable thrown);

    /** Whether the handler may take its time, because it has a thread of its own. */
    final boolean mayBlock() {
        return handlerThread != null;
    }

    /** Hands the first event over; false if there is no place or no thread for it, in which case the call is over. */
    final boolean beginWith(Runnable event) {
        if (admission != null && !mayBlock()) {
            try {
                admission.enter();
            } catch (CallRefusedException full) {
                noThread(full);
                return false;
            }
        }
        begun = true; // Already: what is heard in place may bring more to hear.
        begun = offer(event);
        return begun;
    }

    /** Hands a further event over; false if there is no thread for it, in which case the call is over. */
    final boolean deliver(Runnable event) {
        return offer(event);
    }

    /** Whether there is anybody to hear of the call's end: else it needs neither thread nor place. */
    final boolean hasBegun() {
        return begun;
    }

    /** The call has ended, for its handler or for its caller; see {@link Admission#end}. */
    final void leaveLimits() {
        if (admission != null) {
            admission.end();
        }
    }

    @Override
    protected final void noThread(RejectedExecutionException full) {
        refused = true;
        if (over) {
            return; // It is answered already, or nobody is there to hear an answer.
        }
        over = true;
        CallRefusedException why = CallRefusedException.of(full);
        cancel(why.status()); // A handler that was at work has no other way to hear of it.
        stream.end(why.status(), why.trailers());
    }

    /** Runs application code: the call is current, what it throws becomes a status. Nested runs pass exceptions up. */
    @Override
    protected final void hear(Runnable event) {
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
        SerialEvents coming = elsewhere();
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
        SerialEvents events = elsewhere();
        return events != null && events.isBusy(whenFree);
    }

    /** The call has ended: a handler that waits for the next event looks whether that has a point. */
    final void wakeHandler() {
        SerialEvents events = elsewhere();
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
