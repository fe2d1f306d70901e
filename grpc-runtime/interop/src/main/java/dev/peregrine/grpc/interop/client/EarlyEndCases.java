// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import java.time.Duration;

/** Calls that end before the server has answered. */
final class EarlyEndCases {

    private EarlyEndCases() {}

    static void cancelAfterBegin(TestStubs stubs) {
        // "After metadata has been sent": the connection must be there, or the cancelled call never leaves.
        stubs.service().emptyCall(Empty.getDefaultInstance());

        ObservedCall observed = new ObservedCall();
        try (ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
                stubs.service().withInterceptors(observed).streamingInputCall()) {
            call.close();
            Expect.equal(
                    "the status heard",
                    StatusCode.CANCELLED,
                    Expect.failure(call::finish).code());
        }
        Expect.equal("the status", StatusCode.CANCELLED, observed.status().code());
    }

    static void cancelAfterFirstResponse(TestStubs stubs) {
        ObservedCall observed = new ObservedCall();
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                stubs.service().withInterceptors(observed).fullDuplexCall()) {
            call.write(StreamingCases.ping(27_182, 31_415));
            Expect.response("the first response", 31_415, call.read());
            call.close();
            Expect.equal(
                    "the status heard",
                    StatusCode.CANCELLED,
                    Expect.failure(call::read).code());
        }
        Expect.equal("the status", StatusCode.CANCELLED, observed.status().code());
    }

    static void timeoutOnSleepingServer(TestStubs stubs) {
        ObservedCall observed = new ObservedCall();
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = stubs.service()
                .withDeadlineAfter(Duration.ofMillis(1))
                .withInterceptors(observed)
                .fullDuplexCall()) {
            StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                    .setPayload(Payloads.zeros(27_182))
                    .build();
            Expect.equal(
                    "the status heard",
                    StatusCode.DEADLINE_EXCEEDED,
                    Expect.failure(() -> {
                                call.write(request); // The deadline may pass before, which is as good.
                                return call.read();
                            })
                            .code());
        }
        Expect.equal(
                "the status", StatusCode.DEADLINE_EXCEEDED, observed.status().code());
    }
}
