// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.ServerStreamingCall;

/** Streams one way, the other way, and both. */
final class StreamingCases {

    private static final int[] REQUEST_SIZES = {27_182, 8, 1828, 45_904};
    private static final int[] RESPONSE_SIZES = {31_415, 9, 2653, 58_979};

    private StreamingCases() {}

    static void clientStreaming(TestStubs stubs) {
        try (ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
                stubs.service().streamingInputCall()) {
            for (int size : REQUEST_SIZES) {
                call.write(StreamingInputCallRequest.newBuilder()
                        .setPayload(Payloads.zeros(size))
                        .build());
            }
            Expect.equal("aggregated_payload_size", 74_922, call.finish().getAggregatedPayloadSize());
        }
    }

    static void serverStreaming(TestStubs stubs) {
        StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
        for (int size : RESPONSE_SIZES) {
            request.addResponseParameters(responseOf(size));
        }
        try (ServerStreamingCall<StreamingOutputCallResponse> call =
                stubs.service().streamingOutputCall(request.build())) {
            for (int i = 0; i < RESPONSE_SIZES.length; i++) {
                Expect.response("response " + (i + 1), RESPONSE_SIZES[i], call.read());
            }
            Expect.noMore(call);
        }
    }

    static void pingPong(TestStubs stubs) {
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                stubs.service().fullDuplexCall()) {
            for (int i = 0; i < REQUEST_SIZES.length; i++) {
                call.write(ping(REQUEST_SIZES[i], RESPONSE_SIZES[i]));
                Expect.response("response " + (i + 1), RESPONSE_SIZES[i], call.read());
            }
            call.halfClose();
            Expect.noMore(call);
        }
    }

    static void emptyStream(TestStubs stubs) {
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                stubs.service().fullDuplexCall()) {
            call.halfClose();
            Expect.noMore(call);
        }
    }

    /** A request of one size that asks for one response of another. */
    static StreamingOutputCallRequest ping(int requestSize, int responseSize) {
        return StreamingOutputCallRequest.newBuilder()
                .setPayload(Payloads.zeros(requestSize))
                .addResponseParameters(responseOf(responseSize))
                .build();
    }

    private static ResponseParameters responseOf(int size) {
        return ResponseParameters.newBuilder().setSize(size).build();
    }
}
