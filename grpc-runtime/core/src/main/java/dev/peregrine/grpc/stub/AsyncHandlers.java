// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.Unwrapping;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The four kinds of call answered by asynchronous methods. */
final class AsyncHandlers {

    private AsyncHandlers() {}

    static <Q, R> ServerHandler<Q, R> unary(Function<Q, CompletionStage<R>> body) {
        return call -> {
            StageResponse<R> response = new StageResponse<>(call);
            return new AsyncListener<>(
                    new SoleRequest<>(request -> response.from(body.apply(request))), null, response);
        };
    }

    static <Q, R> ServerHandler<Q, R> serverStreaming(Function<Q, Flow.Publisher<R>> body) {
        return call -> {
            ResponseSubscriber<R> responses = new ResponseSubscriber<>(call);
            return new AsyncListener<>(
                    new SoleRequest<>(request -> responses.from(body.apply(request))), null, responses);
        };
    }

    static <Q, R> ServerHandler<Q, R> clientStreaming(Function<Flow.Publisher<Q>, CompletionStage<R>> body) {
        return call -> {
            RequestPublisher<Q> requests = new RequestPublisher<>(call);
            StageResponse<R> response = new StageResponse<>(call);
            return new AsyncListener<>(
                    requests.listener(() -> response.from(body.apply(requests))), requests, response);
        };
    }

    static <Q, R> ServerHandler<Q, R> bidiStreaming(Function<Flow.Publisher<Q>, Flow.Publisher<R>> body) {
        return call -> {
            RequestPublisher<Q> requests = new RequestPublisher<>(call);
            ResponseSubscriber<R> responses = new ResponseSubscriber<>(call);
            return new AsyncListener<>(
                    requests.listener(() -> responses.from(body.apply(requests))), requests, responses);
        };
    }

    /** Ends a call with what an asynchronous method failed with. */
    static void fail(ServerCall<?, ?> call, Throwable failure) {
        call.fail(Unwrapping.bareOf(failure));
    }

    /** Where the answer of an asynchronous method goes. */
    interface Answer {
        void onReady();

        void onCancel();
    }

    /** Answers with the result of a stage. */
    private static final class StageResponse<R> implements Answer {

        private final ServerCall<?, R> call;

        StageResponse(ServerCall<?, R> call) {
            this.call = call;
        }

        void from(@Nullable CompletionStage<R> stage) {
            Objects.requireNonNull(
                    stage, () -> "the service method of " + call.method().fullName() + " returned null");
            stage.whenComplete((response, failure) -> {
                if (failure != null) {
                    fail(call, failure);
                    return;
                }
                try {
                    SingleResponseHandler.answer(call, response);
                } catch (RuntimeException unsendable) {
                    call.fail(unsendable);
                }
            });
        }

        @Override
        public void onReady() {}

        /** The stage is the service's own, and may be shared: who wants to stop early asks CallContext.cancellation(). */
        @Override
        public void onCancel() {}
    }

    /** Splits what a call says between the request side and the answer. */
    private record AsyncListener<Q>(
            ServerCall.Listener<Q> requestSide, @Nullable RequestPublisher<Q> requests, Answer answer)
            implements ServerCall.Listener<Q> {

        @Override
        public void onStart() {
            requestSide.onStart();
        }

        @Override
        public void onMessage(Q request) {
            requestSide.onMessage(request);
        }

        @Override
        public void onHalfClose() {
            requestSide.onHalfClose();
        }

        @Override
        public void onReady() {
            answer.onReady();
        }

        @Override
        public void onCancel(Status reason) {
            if (requests != null) {
                requests.fail(reason.asException());
            }
            answer.onCancel();
        }
    }
}
