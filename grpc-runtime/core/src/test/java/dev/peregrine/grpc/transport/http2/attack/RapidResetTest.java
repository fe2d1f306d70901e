// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * CVE-2023-44487, Rapid Reset: calls that are opened only to be reset. Bound: handlers started, before the connection
 * is gone.
 */
@Timeout(60)
class RapidResetTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private static final int ALLOWED = 20;

    private final AtomicInteger started = new AtomicInteger();

    @Test
    void aFloodOfResetsCostsTheConnection() {
        ScriptedPeer peer = guarded();
        for (int i = 0; i < ALLOWED; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY), new Frame.RstStream(1 + 2 * i, ErrorCode.CANCEL));
        }
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(GrpcFrames.request(41, UNARY), new Frame.RstStream(41, ErrorCode.CANCEL));

        expectConnectionError(peer, ErrorCode.ENHANCE_YOUR_CALM);
    }

    /** How long a call was open must be known though nobody else asks for the time. */
    @Test
    void aFloodIsNoticedWithoutKeepAlive() {
        server.builder().connections(policy -> policy.withKeepAlive(KeepAlive.OFF));
        ScriptedPeer peer = guarded();

        for (int i = 0; i <= ALLOWED; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY), new Frame.RstStream(1 + 2 * i, ErrorCode.CANCEL));
        }

        expectConnectionError(peer, ErrorCode.ENHANCE_YOUR_CALM);
    }

    /** All in one write, as a flood comes: what stands behind the last reset allowed starts nothing. */
    @Test
    void noMoreHandlersStartThanResetsAreAllowed() {
        ScriptedPeer peer = guarded();
        List<Frame> flood = new ArrayList<>();
        for (int streamId = 1; streamId < 2_000; streamId += 2) {
            flood.add(GrpcFrames.request(streamId, UNARY));
            flood.add(lastText(streamId, "hi"));
            flood.add(new Frame.RstStream(streamId, ErrorCode.CANCEL));
        }

        peer.send(flood.toArray(Frame[]::new));

        Frame.GoAway goAway = peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        assertThat(goAway.lastStreamId()).isEqualTo(1 + 2 * ALLOWED);
        peer.expectClosed();
        peer.close(); // The server, for which no time passes, would wait for ever.
        server.server().close(); // Waits for the handlers.
        assertThat(started.get()).isLessThanOrEqualTo(ALLOWED + 1);
    }

    /** How old a call is must be known also where nobody is asked whether they are there. */
    @Test
    void aFloodOfResetsCostsTheConnectionWithoutKeepAliveToo() {
        server.builder().connections(policy -> policy.withKeepAlive(KeepAlive.OFF));
        ScriptedPeer peer = guarded();
        List<Frame> flood = new ArrayList<>();
        for (int i = 0; i <= ALLOWED; i++) {
            flood.add(GrpcFrames.request(1 + 2 * i, UNARY));
            flood.add(new Frame.RstStream(1 + 2 * i, ErrorCode.CANCEL));
        }

        peer.send(flood.toArray(Frame[]::new));

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        peer.expectClosed();
    }

    /** Clients with short deadlines reset honestly, and also let us answer. */
    @Test
    void aCallThatIsAnsweredPaysForOneThatIsReset() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(3)).greet();
        for (int i = 0; i < 30; i++) {
            peer.send(GrpcFrames.request(1 + 4 * i, UNARY), new Frame.RstStream(1 + 4 * i, ErrorCode.CANCEL));
            expectNextCallAnswered(peer, 3 + 4 * i);
        }

        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void withoutSettingsTheBoundIsThatOfTheTable() {
        ScriptedPeer peer = server.outOfTime().greet();
        int allowed = Limits.DEFAULT.maxResetsPerWindow();
        List<Frame> flood = new ArrayList<>();
        for (int i = 0; i <= allowed; i++) {
            flood.add(GrpcFrames.request(1 + 2 * i, UNARY));
            flood.add(new Frame.RstStream(1 + 2 * i, ErrorCode.CANCEL));
        }

        peer.send(flood.toArray(Frame[]::new));

        assertThat(peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM).lastStreamId())
                .isEqualTo(1 + 2 * allowed);
        peer.expectClosed();
    }

    /** Answers that cost nothing pay for nothing. */
    @Test
    void answersThatComeCheapDoNotPayForResets() {
        ScriptedPeer peer = guarded();
        for (int streamId = 1; streamId <= 1 + 4 * ALLOWED; streamId += 4) {
            peer.send(GrpcFrames.request(streamId, "/no/Such").andEndStream());
            peer.send(GrpcFrames.request(streamId + 2, UNARY), new Frame.RstStream(streamId + 2, ErrorCode.CANCEL));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }

    private ScriptedPeer guarded() {
        return server.outOfTime()
                .limits(limits -> limits.withMaxResetsPerWindow(ALLOWED))
                .unary(text -> "re: " + started.incrementAndGet())
                .greet();
    }
}
