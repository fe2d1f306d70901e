// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

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
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * CVE-2024-27316 and its family, CVE-2026-33871: field blocks that never end. Bound: frames of one block, and its
 * octets.
 */
@Timeout(60)
class ContinuationFloodTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aBlockInEndlessEmptyPiecesCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, 0, 1, ""));
        for (int i = 0; i < 17; i++) {
            peer.send(new Frame.Continuation(1, Octets.EMPTY, false));
        }

        expectConnectionError(peer, ErrorCode.ENHANCE_YOUR_CALM);
    }

    @Test
    void sixteenSmallPiecesAreNotTooMany() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).withContinuations(16), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    /** Four times the limit of metadata, 32 KiB with the defaults, is all that is ever kept. */
    @Test
    void aBlockInEndlessLargePiecesCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Raw(FrameType.HEADERS, 0, 1, Octets.zeros(16_384)));
        peer.send(new Frame.Continuation(1, Octets.zeros(16_384), false));
        peer.send(new Frame.Continuation(1, Octets.zeros(1), false));

        expectConnectionError(peer, ErrorCode.ENHANCE_YOUR_CALM);
    }

    @Test
    void aBlockThatNeverEndsOpensNoCall() {
        AtomicInteger started = new AtomicInteger();
        ScriptedPeer peer = server.unary(text -> "" + started.incrementAndGet()).greet();

        peer.send(new Frame.Raw(
                FrameType.HEADERS, FrameFlag.END_STREAM, 1, peer.encodeHeaderBlock(GrpcFrames.requestHeaders(UNARY))));
        peer.halfClose();

        assertThat(peer.expectClosed()).isEmpty();
        assertThat(started).hasValue(0);
    }
}
