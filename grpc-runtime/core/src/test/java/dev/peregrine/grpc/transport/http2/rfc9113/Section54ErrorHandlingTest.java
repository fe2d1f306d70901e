// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113 §5.4, Error Handling, and §7, Error Codes. */
@Timeout(60)
class Section54ErrorHandlingTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void aConnectionErrorSaysWhichStreamWasTheLastAndEndsTheCalls() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "hi"));
        sleeper.expectAsleep();

        peer.send(raw(FrameType.PING, 0, 1, "00 00 00 00 00 00 00 00"));

        Frame.GoAway goAway = peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(goAway.lastStreamId()).isEqualTo(5);
        assertThat(goAway.debugText()).isEqualTo("PING belongs to the connection, but came on stream 1");
        assertThat(peer.expectClosed()).isEmpty();
        sleeper.expectInterrupted();
    }

    @Test
    void whatComesBehindAConnectionErrorIsNotLookedAt() {
        AtomicInteger started = new AtomicInteger();
        ScriptedPeer peer = server.unary(text -> "" + started.incrementAndGet()).greet();

        peer.send(
                raw(FrameType.PING, 0, 1, "00 00 00 00 00 00 00 00"),
                GrpcFrames.request(1, UNARY),
                lastText(1, "hi"),
                raw(FrameType.PING, 0, 1, "00 00 00 00 00 00 00 00"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
        assertThat(started).hasValue(0);
    }

    @Test
    void aStreamErrorLeavesTheOtherStreamsAlone() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(GrpcFrames.request(3, UNARY), new Frame.WindowUpdate(3, 0));

        expectStreamError(peer, 3, ErrorCode.PROTOCOL_ERROR);
        sleeper.release();
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
    }

    @Test
    void aResetIsNotAnsweredWithAReset() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void anUnknownErrorCodeIsAResetLikeAnyOther() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.RstStream(1, 0xfedcba98L));

        sleeper.expectInterrupted();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void anUnknownErrorCodeOfAGoAwayIsNoError() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.GoAway(0, 0xfedcba98L, ""));

        expectNextCallAnswered(peer, 1);
    }
}
