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

    ListenedCall(MethodDescriptor<Q, ?> method, CallOptions options, ConnectionKeeper connections) {
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
            events = new SerialEvents(OffLoop.EXECUTOR);
        }
    }

    final void deliver(Runnable event) {
        if (events == null) {
            guarded(event);
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
            Status failed = listenerFailed(thrown);
            cancel(String.valueOf(failed.description()), thrown);
        }
    }

    /** What a call ends with whose listener has thrown. */
    final Status listenerFailed(Throwable thrown) {
        LOG.log(System.Logger.Level.WARNING, "a listener of " + method.fullName() + " failed", thrown);
        return Status.of(StatusCode.CANCELLED, "a listener failed").withCause(thrown);
    }
}
