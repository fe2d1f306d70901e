// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.server.ServerCall;
import org.jspecify.annotations.Nullable;

/** Hands on the requests that the caller may send, and nothing behind one that it may not. */
record CheckedListener<Q>(
        CheckedCall<Q, ?> call,
        ServerCall.Listener<Q> next,
        @Nullable MessageExpression ofRequests) implements ServerCall.Listener<Q> {

    private static final Status DENIED =
            Status.of(StatusCode.PERMISSION_DENIED, "the caller may not send this request");

    @Override
    public void onStart() {
        call.guarded(next::onStart);
    }

    @Override
    public void onMessage(Q request) {
        if (call.hasEnded()) {
            return;
        }
        if (call.allows(ofRequests, request)) {
            call.guarded(() -> next.onMessage(request));
        } else {
            call.guarded(
                    () -> next.onCancel(DENIED)); // A handler in the midst of reading hears that nothing more comes.
        }
    }

    @Override
    public void onHalfClose() {
        if (!call.hasEnded()) {
            call.guarded(next::onHalfClose);
        }
    }

    @Override
    public void onReady() {
        if (!call.hasEnded()) {
            call.guarded(next::onReady);
        }
    }

    @Override
    public void onCancel(Status reason) {
        if (!call.hasEnded()) {
            call.guarded(() -> next.onCancel(reason));
        }
    }
}
