// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.interop.proto.EchoStatus;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.stub.BidiStreamingCall;

/** Calls that a server answers with a status other than OK. */
final class StatusCases {

    private static final String MESSAGE = "test status message";

    /** White space, a rune of the basic plane and one beyond it: everything percent-encoding must carry. */
    private static final String SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

    private StatusCases() {}

    static void statusCodeAndMessage(TestStubs stubs) {
        expectUnknown(MESSAGE, Expect.failure(() -> stubs.service().unaryCall(asking(MESSAGE))));

        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                stubs.service().fullDuplexCall()) {
            call.write(StreamingOutputCallRequest.newBuilder()
                    .setResponseStatus(unknown(MESSAGE))
                    .build());
            call.halfClose();
            expectUnknown(MESSAGE, Expect.failure(call::read));
        }
    }

    static void specialStatusMessage(TestStubs stubs) {
        expectUnknown(SPECIAL_MESSAGE, Expect.failure(() -> stubs.service().unaryCall(asking(SPECIAL_MESSAGE))));
    }

    static void unimplementedMethod(TestStubs stubs) {
        Status status = Expect.failure(() -> stubs.service().unimplementedCall(Empty.getDefaultInstance()));
        Expect.equal("the status", StatusCode.UNIMPLEMENTED, status.code());
    }

    static void unimplementedService(TestStubs stubs) {
        Status status =
                Expect.failure(() -> stubs.unimplementedService().unimplementedCall(Empty.getDefaultInstance()));
        Expect.equal("the status", StatusCode.UNIMPLEMENTED, status.code());
    }

    private static SimpleRequest asking(String message) {
        return SimpleRequest.newBuilder().setResponseStatus(unknown(message)).build();
    }

    private static EchoStatus unknown(String message) {
        return EchoStatus.newBuilder()
                .setCode(StatusCode.UNKNOWN.value())
                .setMessage(message)
                .build();
    }

    private static void expectUnknown(String message, Status status) {
        Expect.equal("the status", StatusCode.UNKNOWN, status.code());
        Expect.equal("the status message", message, status.description());
    }
}
