// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §6.1, DATA. That padding counts for flow control is told in {@code ServerReceivingTest}. */
@Timeout(60)
class Section61DataTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void dataOfTheConnectionCostIt() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.DATA, 0, 0, "00 00 00 00 00"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 256})
    void paddingIsNoPartOfTheMessage(int padding) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Data(1, text(1, "hi").payload(), true, padding));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void paddingMayFillTheWholeFrame() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                raw(FrameType.DATA, FrameFlag.PADDED, 1, "03 00 00 00"),
                lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "04 00 00 00", "ff 00 00 00"})
    void paddingLongerThanItsFrameCostsTheConnection(String payload) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), raw(FrameType.DATA, FrameFlag.PADDED, 1, payload));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }
}
