// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Marshallers that fail, on either side of the handler, cost their call and no more. */
@Timeout(60)
class ServerMarshallerTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @EnumSource(ExecutionMode.class)
    void aResponseThatCannotBeEncodedIsInternal(ExecutionMode mode) {
        for (int size : new int[] {10, 100_000}) { // Large ones are encoded by the handler's thread.
            answerWith(new Unwritable(size, false), mode, MethodKind.UNARY);
            answerWith(new Unwritable(size, true), mode, MethodKind.UNARY);
        }
    }

    @ParameterizedTest
    @EnumSource(ExecutionMode.class)
    void aResponseOfAStreamThatCannotBeEncodedIsInternal(ExecutionMode mode) {
        for (int size : new int[] {10, 100_000}) {
            answerWith(new Unwritable(size, false), mode, MethodKind.SERVER_STREAMING);
            answerWith(new Unwritable(size, true), mode, MethodKind.SERVER_STREAMING);
        }
    }

    private static void answerWith(Marshaller<String> responses, ExecutionMode mode, MethodKind kind) {
        TextsServer unlucky = new TextsServer();
        MethodDescriptor<String, String> method =
                MethodDescriptor.of(Texts.SERVICE, "Unlucky", kind, new Texts(), responses);
        unlucky.only(method, mode, call -> new ServerCall.Listener<String>() {
            @Override
            public void onHalfClose() {
                call.send("unlucky");
                call.close(Status.OK, Metadata.EMPTY);
            }
        });
        ScriptedPeer peer = unlucky.greet();
        try {
            peer.send(GrpcFrames.request(1, method.path()), lastText(1, "hi"));

            GrpcResponse response = GrpcResponse.collect(peer, 1);
            assertThat(response.messages()).isEmpty();
            assertThat(response.status()).isEqualTo(StatusCode.INTERNAL.value());
            assertThat(response.statusMessage()).contains("the response could not be encoded");
            assertThat(peer.pingBarrier()).isEmpty();
        } finally {
            unlucky.afterEach(null);
        }
    }

    @Test
    void aRequestOnWhichTheMarshallerFailsIsInternalAndNoMore() {
        MethodDescriptor<String, String> method =
                MethodDescriptor.of(Texts.SERVICE, "Unlucky", MethodKind.UNARY, new Unreadable(), new Texts());
        server.only(method, ExecutionMode.EVENT_LOOP, call -> new ServerCall.Listener<>() {});
        ScriptedPeer peer = server.greet();

        for (int streamId = 1; streamId < 9; streamId += 2) {
            peer.send(GrpcFrames.request(streamId, method.path()), lastText(streamId, "hi"));

            GrpcResponse response = GrpcResponse.collect(peer, streamId);
            assertThat(response.status()).isEqualTo(StatusCode.INTERNAL.value());
            assertThat(response.statusMessage())
                    .contains("a request of 2 bytes for test.Texts/Unlucky cannot be decoded");
        }
    }

    /** Announces a size and fails when it is to write. */
    private record Unwritable(int announced, boolean deep) implements Marshaller<String> {

        @Override
        public int size(String message) {
            return announced;
        }

        @Override
        public void write(String message, ByteBuffer out) {
            if (deep) {
                throw new StackOverflowError("no luck");
            }
            throw new IllegalStateException("no luck");
        }

        @Override
        public String read(ByteBuffer in) {
            return "";
        }
    }

    /** Fails in a way that tells of itself, not of the message. */
    private record Unreadable() implements Marshaller<String> {

        @Override
        public int size(String message) {
            return 0;
        }

        @Override
        public void write(String message, ByteBuffer out) {}

        @Override
        public String read(ByteBuffer in) {
            throw new ArrayIndexOutOfBoundsException("secret field 7");
        }
    }
}
