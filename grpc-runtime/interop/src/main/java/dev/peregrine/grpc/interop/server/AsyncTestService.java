// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The test service in stages and publishers; no thread ever waits. UnimplementedCall is left as generated. */
final class AsyncTestService implements TestService.AsyncService {

    @Override
    public CompletionStage<Empty> emptyCall(Empty request) {
        return CompletableFuture.completedFuture(Empty.getDefaultInstance());
    }

    @Override
    public CompletionStage<SimpleResponse> unaryCall(SimpleRequest request) {
        return CompletableFuture.completedFuture(Answers.to(request));
    }

    @Override
    public CompletionStage<SimpleResponse> cacheableUnaryCall(SimpleRequest request) {
        return CompletableFuture.completedFuture(Answers.withTimestamp(CallContext.current()));
    }

    @Override
    public Flow.Publisher<StreamingOutputCallResponse> streamingOutputCall(StreamingOutputCallRequest request) {
        return PacedResponses.to(request);
    }

    @Override
    public CompletionStage<StreamingInputCallResponse> streamingInputCall(
            Flow.Publisher<StreamingInputCallRequest> requests) {
        PayloadSum sum = new PayloadSum();
        requests.subscribe(sum);
        return sum.response();
    }

    @Override
    public Flow.Publisher<StreamingOutputCallResponse> fullDuplexCall(
            Flow.Publisher<StreamingOutputCallRequest> requests) {
        return DuplexRequests.answerEach(requests);
    }

    @Override
    public Flow.Publisher<StreamingOutputCallResponse> halfDuplexCall(
            Flow.Publisher<StreamingOutputCallRequest> requests) {
        return DuplexRequests.answerAll(requests);
    }
}
