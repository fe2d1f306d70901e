// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.Cancellation;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import org.jspecify.annotations.Nullable;

/** A call that ends with the call it is made for, and forgets that one when it ends by itself. */
final class DependentCall<Q, R> extends ForwardingClientCall<Q, R> {

    private final Cancellation answered;

    DependentCall(ClientCall<Q, R> call, Cancellation answered) {
        super(call);
        this.answered = answered;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        Tie<R> tie = new Tie<>(listener);
        super.start(tie, headers);
        tie.hold(answered.onCancel(this::cancel)); // at once, if it is cancelled already
    }

    private void cancel() {
        Status reason = answered.reason();
        cancel("the call that it was made for has ended: " + reason, null);
    }

    /** The two may end at the same time, on different threads: whoever comes second lets go. */
    private static final class Tie<R> extends ForwardingListener<R> {

        private volatile Cancellation.@Nullable Registration held;
        private volatile boolean closed;

        Tie(Listener<R> listener) {
            super(listener);
        }

        void hold(Cancellation.Registration registration) {
            held = registration;
            if (closed) {
                registration.close();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed = true;
            Cancellation.Registration registration = held;
            if (registration != null) {
                registration.close();
            }
            super.onClose(status, trailers);
        }
    }
}
