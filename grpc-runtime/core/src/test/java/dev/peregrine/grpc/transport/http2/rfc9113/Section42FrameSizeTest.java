// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
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
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §4.2, Frame Size. */
@Timeout(60)
class Section42FrameSizeTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aFrameOfTheLargestSizeIsTaken() {
        ScriptedPeer peer = server.unary(text -> "" + text.length()).greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "x".repeat(16_384 - 5)));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("" + (16_384 - 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {FrameType.DATA, FrameType.HEADERS, FrameType.SETTINGS, FrameType.GOAWAY, 0x77})
    void aLargerFrameIsRefusedBeforeItArrives(int type) {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY));
        int streamId = type == FrameType.DATA || type == FrameType.HEADERS ? 1 : 0;

        peer.sendRaw(raw(type, 0, streamId, "").octetsClaiming(16_385));

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
    }

    static Stream<Frame.Raw> wrongLength() {
        return Stream.of(
                raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.PRIORITY, 1, "00 00 00 00"),
                raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.PADDED, 1, ""),
                raw(
                        FrameType.HEADERS,
                        FrameFlag.END_HEADERS | FrameFlag.PADDED | FrameFlag.PRIORITY,
                        1,
                        "01 00 00 00 00 00"),
                raw(FrameType.DATA, FrameFlag.PADDED, 1, ""),
                raw(FrameType.RST_STREAM, 0, 1, "00 00 00"),
                raw(FrameType.RST_STREAM, 0, 1, "00 00 00 00 00"),
                raw(FrameType.SETTINGS, 0, 0, "00 03 00"),
                raw(FrameType.SETTINGS, FrameFlag.ACK, 0, "00 03 00 00 00 01"),
                raw(FrameType.PING, 0, 0, "00 00 00 00 00 00 00"),
                raw(FrameType.PING, 0, 0, "00 00 00 00 00 00 00 00 00"),
                raw(FrameType.GOAWAY, 0, 0, "00 00 00 00 00 00 00"),
                raw(FrameType.WINDOW_UPDATE, 0, 0, "00 00 01"),
                raw(FrameType.WINDOW_UPDATE, 0, 1, "00 00 00 01 00"));
    }

    @ParameterizedTest
    @MethodSource("wrongLength")
    void aFrameOfTheWrongLengthCostsTheConnection(Frame.Raw frame) {
        ScriptedPeer peer = server.greet();

        peer.send(frame);

        expectConnectionError(peer, ErrorCode.FRAME_SIZE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00 00 00 00", "00 00 00 00 10 00"})
    void aPriorityOfTheWrongLengthCostsItsStream(String payload) {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY));

        peer.send(raw(FrameType.PRIORITY, 0, 1, payload));

        expectStreamError(peer, 1, ErrorCode.FRAME_SIZE_ERROR);
    }
}
