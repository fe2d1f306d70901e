// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113, 6.9.1: peers that count wrong, ahead of our windows or beyond what theirs can be. */
@Timeout(60)
class WindowOverflowTest {

    private static final int MAX_WINDOW = Integer.MAX_VALUE;

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void aPeerThatExceedsTheStreamsWindowLosesTheStream() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1_024, 65_535))
                .upload(texts -> sleeper.sleep("without reading"))
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD));
        sleeper.expectAsleep();

        peer.send(new Frame.Data(1, Octets.zeros(1_025), false));

        peer.expectRstStream(1, ErrorCode.FLOW_CONTROL_ERROR);
        sleeper.expectInterrupted();
        expectNextCallAnswered(peer, 3);
    }

    /** Whatever became of the stream, the connection's window is for the others. */
    @Test
    void whatExceededAStreamsWindowIsGivenBackToTheConnection() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1_024, 65_535))
                .upload(texts -> sleeper.sleep("without reading"))
                .greet();

        for (int i = 0; i < 3; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UPLOAD), new Frame.Data(1 + 2 * i, Octets.zeros(16_384), false));
            peer.expectRstStream(1 + 2 * i, ErrorCode.FLOW_CONTROL_ERROR);
        }

        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(2 * 16_384);
    }

    @Test
    void aPeerThatExceedsTheConnectionsWindowLosesTheConnection() {
        ScriptedPeer peer = server.limits(
                        limits -> limits.withWindows(1 << 20, 65_535).withMaxWindow(0))
                .upload(texts -> sleeper.sleep("without reading"))
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD));
        sleeper.expectAsleep();
        peer.send(GrpcFrames.request(3, UPLOAD));
        sendUnread(peer, 60, 1, 3); // Sixteen windows, and one more, and then some.

        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR);
        // By then, and not only when the socket is gone:
        assertThat(sleeper.isCancelled()).isTrue();
        sleeper.expectInterrupted();
        peer.expectClosed();
    }

    @Test
    void aWindowUpdateThatOverflowsAStreamCostsTheStream() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.WindowUpdate(1, MAX_WINDOW));

        peer.expectRstStream(1, ErrorCode.FLOW_CONTROL_ERROR);
        sleeper.expectInterrupted();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aWindowUpdateThatOverflowsTheConnectionCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.WindowUpdate(0, MAX_WINDOW));

        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    /** RFC 9113, 6.9.2: a change of the initial window that overflows a stream's window is a connection error. */
    @Test
    void anInitialWindowThatOverflowsAStreamCostsTheConnection() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        peer.send(new Frame.WindowUpdate(1, MAX_WINDOW - 65_535));

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 65_536));

        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR);
        peer.expectClosed();
    }

    @Test
    void aWindowUpdateOfNothingCostsTheStream() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.WindowUpdate(1, 0));

        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aWindowUpdateOfNothingForTheConnectionCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.WindowUpdate(0, 0));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        peer.expectClosed();
    }

    // ---- props ----

    /** This many messages of 10,005 octets on each of the streams, in turn. */
    private static void sendUnread(ScriptedPeer peer, int messages, int... streamIds) {
        for (int i = 0; i < messages; i++) {
            for (int streamId : streamIds) {
                peer.send(text(streamId, "x".repeat(10_000)));
            }
        }
    }
}
