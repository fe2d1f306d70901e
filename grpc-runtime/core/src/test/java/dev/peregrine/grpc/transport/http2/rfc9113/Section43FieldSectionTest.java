// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 9113 §4.3, Field Section Compression and Decompression. What may stand in a block is RFC 7541: see {@code
 * rfc7541}.
 */
@Timeout(60)
class Section43FieldSectionTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aBlockThatCannotBeDecodedCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS, 1, "ff ff ff ff ff ff ff"));

        expectConnectionError(peer, ErrorCode.COMPRESSION_ERROR);
    }

    static Stream<Frame> between() {
        return Stream.of(
                new Frame.Ping(false, 1),
                new Frame.Priority(1, 0, false, 16),
                new Frame.Priority(3, 0, false, 16),
                new Frame.WindowUpdate(0, 1),
                raw(FrameType.HEADERS, FrameFlag.END_HEADERS, 1, "83 86 84"),
                raw(FrameType.HEADERS, FrameFlag.END_HEADERS, 3, "83 86 84"),
                raw(FrameType.CONTINUATION, FrameFlag.END_HEADERS, 3, "84"),
                raw(0x77, 0, 0, ""));
    }

    @ParameterizedTest
    @MethodSource("between")
    void nothingMayStandBetweenThePiecesOfABlock(Frame frame) {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, 0, 1, "83 86"), frame);

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    static Stream<Frame.Headers> refused() {
        Frame.Headers lawful = GrpcFrames.request(1, UNARY);
        return Stream.of(
                lawful.plus("x-large", "x".repeat(9_000)), // over the limit
                lawful.plus("Upper", "case"), // malformed
                lawful.with("content-type", "text/plain")); // no call
    }

    /** Endpoints that do not process a block still have to keep its changes to the table. */
    @ParameterizedTest
    @MethodSource("refused")
    void aBlockThatIsRefusedTeachesItsCompressionAllTheSame(Frame.Headers request) {
        ScriptedPeer peer = server.greet();

        peer.send(request.plus("x-later", "indexed by both ends"));
        peer.expectOn(1);
        peer.send(GrpcFrames.request(3, UNARY).plus("x-later", "indexed by both ends"), lastText(3, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 3))).containsExactly("re: hi");
    }
}
