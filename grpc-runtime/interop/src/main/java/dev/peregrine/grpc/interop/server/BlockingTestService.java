// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The test service in plain, waiting Java. UnimplementedCall is left as generated. */
final class BlockingTestService implements TestService.Service {

    @Override
    public Empty emptyCall(Empty request) {
        return Empty.getDefaultInstance();
    }

    @Override
    public SimpleResponse unaryCall(SimpleRequest request) {
        return Answers.to(request);
    }

    @Override
    public SimpleResponse cacheableUnaryCall(SimpleRequest request) {
        return Answers.withTimestamp(CallContext.current());
    }

    @Override
    public void streamingOutputCall(
            StreamingOutputCallRequest request, ResponseWriter<StreamingOutputCallResponse> responses) {
        answer(request, responses);
    }

    @Override
    public StreamingInputCallResponse streamingInputCall(RequestReader<StreamingInputCallRequest> requests) {
        int sum = 0;
        for (StreamingInputCallRequest request : requests) {
            sum += Answers.sizeOf(request);
        }
        return StreamingInputCallResponse.newBuilder()
                .setAggregatedPayloadSize(sum)
                .build();
    }

    @Override
    public void fullDuplexCall(
            RequestReader<StreamingOutputCallRequest> requests, ResponseWriter<StreamingOutputCallResponse> responses) {
        for (StreamingOutputCallRequest request : requests) {
            answer(request, responses);
        }
    }

    @Override
    public void halfDuplexCall(
            RequestReader<StreamingOutputCallRequest> requests, ResponseWriter<StreamingOutputCallResponse> responses) {
        List<StreamingOutputCallRequest> all = new ArrayList<>();
        requests.forEach(all::add);
        for (StreamingOutputCallRequest request : all) {
            answer(request, responses);
        }
    }

    private static void answer(
            StreamingOutputCallRequest request, ResponseWriter<StreamingOutputCallResponse> responses) {
        for (ResponseParameters parameters : Answers.dueFor(request)) {
            pause(parameters.getIntervalUs());
            Compression.wish(CallContext.current(), parameters.getCompressed());
            responses.write(Answers.of(parameters));
        }
    }

    /** Waits before a response; a call that is cancelled meanwhile interrupts this thread. */
    private static void pause(int micros) {
        if (micros <= 0) {
            return;
        }
        try {
            TimeUnit.MICROSECONDS.sleep(micros);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new StatusException(StatusCode.CANCELLED, "the call was cancelled between two responses");
        }
    }
}
