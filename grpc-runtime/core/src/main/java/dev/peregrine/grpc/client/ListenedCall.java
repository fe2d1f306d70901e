// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * Whom the events of a call reach: the middle layer of three, between {@link OpenedCall} and {@link OutgoingCall}.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
abstract sealed class ListenedCall<Q, R> extends OpenedCall<Q> implements ClientCall<Q, R> permits OutgoingCall {

    private static final System.Logger LOG = System.getLogger(ListenedCall.class.getName());

    private @Nullable Listener<R> listener;

    ListenedCall(MethodDescriptor<Q, ?> method, CallOptions options, Subchannel connections) {
        super(method, options, connections);
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

    final void deliver(Runnable event) {
        if (!offer(event)) {
            hear(event); // Better heard on this thread than never.
        }
    }

    @Override
    protected final void hear(Runnable event) {
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
