// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.OffLoop;
import dev.peregrine.grpc.transport.SerialEvents;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How the events of a call reach its listener: the middle layer of three, between {@link OpenedCall} and
 * {@link OutgoingCall}. In place on the connection's thread, or one after the other on threads of an executor.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
abstract sealed class ListenedCall<Q, R> extends OpenedCall<Q> implements ClientCall<Q, R> permits OutgoingCall {

    private static final System.Logger LOG = System.getLogger(ListenedCall.class.getName());

    private @Nullable Listener<R> listener;

    /** How events reach a listener on another thread; null if it is called in place. */
    private @Nullable SerialEvents events;

    // Connection's thread.
    /** An event is being heard on this thread. */
    private boolean inPlace;

    /** What is to be heard elsewhere, as soon as nothing is heard here. */
    private @Nullable Runnable behind;

    ListenedCall(MethodDescriptor<Q, ?> method, CallOptions options, Subchannel connections) {
        super(method, options, connections);
        Executor executor = options.executor();
        this.events = executor == null ? null : new SerialEvents(executor);
    }

    /**
     * @throws IllegalStateException the second time
     */
    final void listenWith(Listener<R> listener) {
        if (this.listener != null) {
            throw new IllegalStateException("the call of " + method.fullName() + " was started before");
        }
        this.listener = listener;
    }

    final Listener<R> listener() {
        Listener<R> hearing = listener;
        if (hearing == null) {
            throw new IllegalStateException("an answer to " + method.fullName() + " came before the call was started");
        }
        return hearing;
    }

    /**
     * The next event takes long: a listener that is called in place hears it, and all that follow, on an {@link OffLoop}
     * thread. Connection's thread.
     */
    final void leaveEventLoop() {
        if (events == null) {
            events = new SerialEvents(this::hearElsewhere);
        }
    }

    /** A listener that asks for a response while it hears something else here may get it at once: then that waits. */
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

    final void deliver(Runnable event) {
        if (events == null) {
            hearInPlace(event);
            return;
        }
        try {
            events.offer(() -> guarded(event));
        } catch (RejectedExecutionException full) {
            guarded(event); // Better heard on this thread than never.
        }
    }

    private void guarded(Runnable event) {
        try {
            event.run();
        } catch (Throwable thrown) {
            refuse(listenerFailed(thrown)); // Whatever the server says: a listener that missed something hears no OK.
        }
    }

    /** Ends a call whose responses break the rules, or whose listener cannot hear them. */
    abstract void refuse(Status why);

    /** What a call ends with whose listener has thrown. */
    final Status listenerFailed(Throwable thrown) {
        LOG.log(System.Logger.Level.WARNING, "a listener of " + method.fullName() + " failed", thrown);
        return Status.of(StatusCode.CANCELLED, "a listener failed").withCause(thrown);
    }
}
