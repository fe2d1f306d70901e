// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.BoolValue;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.util.List;

/** Messages that travel compressed, and servers that look whether they did. */
final class CompressionCases {

    private static final int[] REQUEST_SIZES = {27_182, 45_904};
    private static final int[] RESPONSE_SIZES = {31_415, 92_653};

    private CompressionCases() {}

    static void clientCompressedUnary(TestStubs stubs) {
        TestService.Client plain = stubs.service().withInterceptors(new FlaggedCall(false));
        Expect.equal(
                "the status of a plain request that is expected to be compressed",
                StatusCode.INVALID_ARGUMENT,
                Expect.failure(() -> plain.unaryCall(expecting(true))).code());
        clientCompressedUnaryNoProbe(stubs);
    }

    static void clientCompressedUnaryNoProbe(TestStubs stubs) {
        for (boolean compressed : new boolean[] {true, false}) {
            TestService.Client service =
                    stubs.service().withCompression("gzip").withInterceptors(new FlaggedCall(compressed));
            Expect.zeros(
                    "the response",
                    UnaryCases.RESPONSE_SIZE,
                    service.unaryCall(expecting(compressed)).getPayload());
        }
    }

    static void serverCompressedUnary(TestStubs stubs) {
        for (boolean compressed : new boolean[] {true, false}) {
            FlaggedCall flags = new FlaggedCall();
            SimpleResponse response = stubs.service()
                    .withInterceptors(flags)
                    .unaryCall(UnaryCases.largeRequest().toBuilder()
                            .setResponseCompressed(bool(compressed))
                            .build());
            Expect.zeros("the response", UnaryCases.RESPONSE_SIZE, response.getPayload());
            Expect.equal("the flags of the responses", List.of(compressed), flags.responses());
        }
    }

    static void clientCompressedStreaming(TestStubs stubs) {
        try (ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
                stubs.service().withInterceptors(new FlaggedCall(false)).streamingInputCall()) {
            call.write(chunk(REQUEST_SIZES[0], true));
            Expect.equal(
                    "the status of a plain request that is expected to be compressed",
                    StatusCode.INVALID_ARGUMENT,
                    Expect.failure(call::finish).code());
        }
        clientCompressedStreamingNoProbe(stubs);
    }

    static void clientCompressedStreamingNoProbe(TestStubs stubs) {
        TestService.Client service =
                stubs.service().withCompression("gzip").withInterceptors(new FlaggedCall(true, false));
        try (ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
                service.streamingInputCall()) {
            call.write(chunk(REQUEST_SIZES[0], true));
            call.write(chunk(REQUEST_SIZES[1], false));
            Expect.equal("aggregated_payload_size", 73_086, call.finish().getAggregatedPayloadSize());
        }
    }

    static void serverCompressedStreaming(TestStubs stubs) {
        FlaggedCall flags = new FlaggedCall();
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(answer(RESPONSE_SIZES[0], true))
                .addResponseParameters(answer(RESPONSE_SIZES[1], false))
                .build();
        try (ServerStreamingCall<StreamingOutputCallResponse> call =
                stubs.service().withInterceptors(flags).streamingOutputCall(request)) {
            Expect.response("response 1", RESPONSE_SIZES[0], call.read());
            Expect.response("response 2", RESPONSE_SIZES[1], call.read());
            Expect.noMore(call);
        }
        Expect.equal("the flags of the responses", List.of(true, false), flags.responses());
    }

    private static SimpleRequest expecting(boolean compressed) {
        return UnaryCases.largeRequest().toBuilder()
                .setExpectCompressed(bool(compressed))
                .build();
    }

    private static StreamingInputCallRequest chunk(int size, boolean compressed) {
        return StreamingInputCallRequest.newBuilder()
                .setPayload(Payloads.zeros(size))
                .setExpectCompressed(bool(compressed))
                .build();
    }

    private static ResponseParameters answer(int size, boolean compressed) {
        return ResponseParameters.newBuilder()
                .setSize(size)
                .setCompressed(bool(compressed))
                .build();
    }

    private static BoolValue bool(boolean value) {
        return BoolValue.newBuilder().setValue(value).build();
    }
}
