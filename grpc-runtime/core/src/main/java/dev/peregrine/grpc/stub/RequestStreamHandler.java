// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A stream of requests read by a blocking method, which runs from the start of the call to its end. */
record RequestStreamHandler<Q, R>(Body<Q, R> body) implements ServerHandler<Q, R> {

    /** The service's method, and how its result ends the call. */
    interface Body<Q, R> {
        void run(ServerCall<Q, R> call, RequestReader<Q> requests, BlockingWriter<R> responses);
    }

    static <Q, R> RequestStreamHandler<Q, R> singleResponse(Function<RequestReader<Q>, R> method) {
        return new RequestStreamHandler<>(
                (call, requests, responses) -> SingleResponseHandler.answer(call, method.apply(requests)));
    }

    static <Q, R> RequestStreamHandler<Q, R> responseStream(BiConsumer<RequestReader<Q>, ResponseWriter<R>> method) {
        return new RequestStreamHandler<>((call, requests, responses) -> {
            method.accept(requests, responses);
            call.close(Status.OK, Metadata.EMPTY);
        });
    }

    @Override
    public ServerCall.Listener<Q> handle(ServerCall<Q, R> call) {
        BlockingReader<Q> requests = new BlockingReader<>(call);
        BlockingWriter<R> responses = new BlockingWriter<>(call);
        return new ServerCall.Listener<>() {
            @Override
            public void onStart() {
                body.run(call, requests, responses);
            }

            @Override
            public void onMessage(Q request) {
                requests.arrived(request);
            }

            @Override
            public void onHalfClose() {
                requests.ended();
            }

            @Override
            public void onCancel(Status reason) {
                requests.cancelled(reason);
                responses.cancelled(reason);
            }
        };
    }
}
