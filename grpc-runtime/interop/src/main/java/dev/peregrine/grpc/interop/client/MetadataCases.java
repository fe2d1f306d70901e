// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Metadata there and back. */
final class MetadataCases {

    private static final MetadataKey<String> ECHO_INITIAL = MetadataKey.ascii("x-grpc-test-echo-initial");
    private static final MetadataKey<byte[]> ECHO_TRAILING = MetadataKey.binary("x-grpc-test-echo-trailing-bin");
    private static final String INITIAL_VALUE = "test_initial_metadata_value";
    private static final byte[] TRAILING_VALUE = {(byte) 0xab, (byte) 0xab, (byte) 0xab};

    private MetadataCases() {}

    static void customMetadata(TestStubs stubs) {
        TestService.Client service = stubs.service()
                .withMetadata(Metadata.builder()
                        .add(ECHO_INITIAL, INITIAL_VALUE)
                        .add(ECHO_TRAILING, TRAILING_VALUE)
                        .build());

        ObservedCall unary = new ObservedCall();
        Expect.zeros(
                "the unary response",
                UnaryCases.RESPONSE_SIZE,
                service.withInterceptors(unary)
                        .unaryCall(UnaryCases.largeRequest())
                        .getPayload());
        expectEcho(unary);

        ObservedCall duplex = new ObservedCall();
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                service.withInterceptors(duplex).fullDuplexCall()) {
            call.write(StreamingCases.ping(UnaryCases.REQUEST_SIZE, UnaryCases.RESPONSE_SIZE));
            call.halfClose();
            Expect.response("the streamed response", UnaryCases.RESPONSE_SIZE, call.read());
            Expect.noMore(call);
        }
        expectEcho(duplex);
    }

    private static void expectEcho(ObservedCall call) {
        Expect.equal(
                "initial metadata " + ECHO_INITIAL,
                INITIAL_VALUE,
                call.headers().get(ECHO_INITIAL));
        Expect.equal(
                "trailing metadata " + ECHO_TRAILING,
                hex(TRAILING_VALUE),
                hex(call.trailers().get(ECHO_TRAILING)));
    }

    private static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "absent" : HexFormat.of().formatHex(bytes);
    }
}
