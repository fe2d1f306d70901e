// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
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
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §6.10, CONTINUATION. What may not stand between is told in {@link Section43FieldSectionTest}. */
@Timeout(60)
class Section610ContinuationTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15})
    void aBlockMayComeInPieces(int continuations) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).withContinuations(continuations), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    /** END_STREAM stands in HEADERS, and counts when the block is complete. */
    @Test
    void aBlockInPiecesMayEndTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UPLOAD).andEndStream().withContinuations(3));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("");
    }

    @Test
    void trailersMayComeInPieces() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                text(1, "hi"),
                new Frame.Headers(1, Header.list("x-checksum", "123"), true).withContinuations(2));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void aPieceOfTheConnectionCostsIt() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, 0, 1, "83"), raw(FrameType.CONTINUATION, FrameFlag.END_HEADERS, 0, "86"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aPieceBehindTheEndOfABlockCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Continuation(1, Octets.EMPTY, true));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aPieceBehindDataCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), text(1, "hi"), new Frame.Continuation(1, Octets.EMPTY, true));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }
}
