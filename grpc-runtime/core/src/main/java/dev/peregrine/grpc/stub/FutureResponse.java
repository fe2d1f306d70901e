// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ClientCall;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one response of a call as a future. */
final class FutureResponse<R> implements ClientCall.Listener<R> {

    private final CompletableFuture<R> future;
    private final @Nullable RequestSubscriber<?> requests;
    private @Nullable R response;

    FutureResponse(ClientCall<?, R> call) {
        this(call, null);
    }

    /**
     * @param requests where the requests come from; it hears when more may be sent, and when nobody wants more
     */
    FutureResponse(ClientCall<?, R> call, @Nullable RequestSubscriber<?> requests) {
        this.future = new CallFuture<>(call);
        this.requests = requests;
    }

    CompletableFuture<R> future() {
        return future;
    }

    @Override
    public void onMessage(R response) {
        this.response = response;
    }

    @Override
    public void onReady() {
        if (requests != null) {
            requests.onReady();
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (requests != null) {
            requests.stop();
        }
        if (status.isOk() && response != null) {
            future.complete(response);
        } else {
            Status failure = status.isOk()
                    ? Status.of(StatusCode.INTERNAL, "the call ended with OK but an interceptor kept the response")
                    : status;
            future.completeExceptionally(StatusException.ofCall(failure, trailers));
        }
    }

    /** Cancelling the future cancels the call. */
    private static final class CallFuture<R> extends CompletableFuture<R> {

        private final ClientCall<?, ?> call;

        CallFuture(ClientCall<?, ?> call) {
            this.call = call;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                call.cancel("the application cancelled the future", null);
            }
            return cancelled;
        }
    }
}
