// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long a server keeps a connection: keepalive.md, gRFC A8 and A9. */
@Timeout(60)
class ServerConnectionLifeTest {

    private static final int BEYOND_EVERY_STREAM = Integer.MAX_VALUE;

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final FakeClock clock = new FakeClock();
    private final Sleeper sleeper = new Sleeper();

    @BeforeEach
    void onOurTime() {
        server.builder().transport(new Http2Transport(clock));
        server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text));
    }

    private void openCall(ScriptedPeer peer, int streamId) {
        peer.send(GrpcFrames.request(streamId, UNARY), lastText(streamId, "hi"));
        sleeper.expectAsleep();
        peer.pingBarrier(Frame.Ping.class); // What is under way would count as heard at a later time.
    }

    // ---- keep-alive ----

    @Test
    void aSilentClientIsAskedAndItsCallsAreCancelledIfItDoesNotAnswer() {
        server.builder().connections(policy -> policy.withKeepAlive(KeepAlive.every(Duration.ofSeconds(10))));
        ScriptedPeer peer = server.dial().withoutPingAck().handshake();
        openCall(peer, 1);

        clock.advance(Duration.ofSeconds(10));
        assertThat(peer.expect(Frame.Ping.class).payload()).isEqualTo(KeepAlivePings.PAYLOAD);
        clock.advance(Duration.ofSeconds(20));

        assertThat(peer.expectClosed()).isEmpty();
        assertThat(sleeper.expectCancelled())
                .satisfies(status -> assertThat(status.code()).isEqualTo(StatusCode.CANCELLED))
                .satisfies(status -> assertThat(status.description())
                        .isEqualTo("keepalive: the peer was silent for 10 s and did not answer a PING within 20 s"));
    }

    @Test
    void aClientThatAnswersIsKept() {
        server.builder().connections(policy -> policy.withKeepAlive(KeepAlive.every(Duration.ofSeconds(10))));
        ScriptedPeer peer = server.greet();
        openCall(peer, 1);

        clock.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            peer.expect(Frame.Ping.class, ping -> !ping.ack() && ping.payload() == KeepAlivePings.PAYLOAD);
            assertThat(peer.pingBarrier()).isEmpty();
            clock.advance(Duration.ofSeconds(20));
        }
    }

    @Test
    void aClientThatSpeaksIsNotAsked() {
        server.builder().connections(policy -> policy.withKeepAlive(KeepAlive.every(Duration.ofSeconds(10))));
        ScriptedPeer peer = server.greet();
        openCall(peer, 1);

        clock.advance(Duration.ofSeconds(9));
        peer.pingBarrier();
        clock.advance(Duration.ofSeconds(9));

        assertThat(peer.pingBarrier(Frame.Ping.class)).allMatch(Frame.Ping::ack);
    }

    @Test
    void byDefaultAClientIsAskedAfterTwoHoursEvenWithoutCalls() {
        server.builder().connections(policy -> policy.withMaxIdle(KeepAlive.NEVER));
        ScriptedPeer peer = server.greet();

        clock.advance(Duration.ofHours(2).minusNanos(1));
        assertThat(peer.pingBarrier(Frame.Ping.class)).allMatch(Frame.Ping::ack);
        clock.advance(Duration.ofHours(2));

        peer.expect(Frame.Ping.class, ping -> ping.payload() == KeepAlivePings.PAYLOAD);
    }

    // ---- clients that ask too often ----

    @Test
    void aClientThatAsksTooOftenIsSentAway() {
        server.builder().connections(ConnectionPolicy.DEFAULT);
        ScriptedPeer peer = server.greet();
        openCall(peer, 1);

        for (int i = 0; i < 3; i++) {
            peer.send(new Frame.Ping(false, i));
        }

        Frame.GoAway goAway = peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        assertThat(goAway.debugText()).isEqualTo("too_many_pings");
        assertThat(peer.expectClosed()).isEmpty();
        assertThat(sleeper.expectCancelled().description()).contains("too_many_pings");
    }

    @Test
    void aClientThatMeasuresItsLineWithEachAnswerIsNotSentAway() {
        server.builder().connections(ConnectionPolicy.DEFAULT);
        ScriptedPeer peer = server.greet();

        for (int stream = 1; stream < 41; stream += 2) {
            expectNextCallAnswered(peer, stream);
            peer.pingBarrier();
            peer.pingBarrier();
            peer.pingBarrier();
        }
    }

    // ---- idle ----

    @Test
    void aConnectionWithoutCallsIsClosedGently() {
        ScriptedPeer peer = server.greet();

        clock.advance(Duration.ofMinutes(15));

        Frame.GoAway first = peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(first.lastStreamId()).isEqualTo(BEYOND_EVERY_STREAM);
        assertThat(first.debugText()).isEqualTo("max_idle");
        Frame.GoAway second = peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(second.lastStreamId()).isZero();
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aCallThatIsUnderWayWhenItsConnectionIsClosedAsIdleIsAnswered() {
        ScriptedPeer peer = server.dial().withoutPingAck().handshake();
        clock.advance(Duration.ofMinutes(15));
        peer.expectGoAway(ErrorCode.NO_ERROR);
        Frame.Ping ping = peer.expect(Frame.Ping.class);

        expectNextCallAnswered(peer, 1);
        peer.send(new Frame.Ping(true, ping.payload()));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(1);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aCallMakesAConnectionYoungAgain() {
        ScriptedPeer peer = server.greet();

        for (int stream = 1; stream < 11; stream += 2) {
            clock.advance(Duration.ofMinutes(14));
            expectNextCallAnswered(peer, stream);
        }
        clock.advance(Duration.ofMinutes(19));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).debugText()).isEqualTo("max_idle");
    }

    @Test
    void aConnectionWithACallIsNotIdleHoweverLongTheCallTakes() {
        ScriptedPeer peer = server.greet();
        openCall(peer, 1);

        clock.advance(Duration.ofHours(1));

        assertThat(peer.pingBarrier()).isEmpty();
        sleeper.release();
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
    }

    /** Its place is needed, and what it was sent last will never get away. */
    @Test
    void aClientThatDoesNotReadIsNotWaitedForInPeace() throws IOException, InterruptedException {
        AtomicInteger written = new AtomicInteger();
        CountDownLatch reset = new CountDownLatch(1);
        String much = "x".repeat(16_000);
        server.limits(limits -> limits.withMaxConnections(1)).watch((text, out) -> {
            try {
                while (true) {
                    out.write(much);
                    written.incrementAndGet();
                }
            } finally {
                reset.countDown();
            }
        });
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.server().port()));
            ScriptedPeer peer = ScriptedPeer.asClient(socket);
            peer.sendPreface()
                    .send(
                            new Frame.Settings().with(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, Integer.MAX_VALUE),
                            new Frame.WindowUpdate(0, 1 << 30),
                            GrpcFrames.request(1, TextsServer.WATCH),
                            lastText(1, "hi"));
            expectStuck(written);
            peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));
            assertThat(reset.await(10, TimeUnit.SECONDS)).isTrue();

            clock.advance(Duration.ofHours(1));

            server.greet();
        }
    }

    /** The writer has not got on for a while. */
    private static void expectStuck(AtomicInteger written) throws InterruptedException {
        int before;
        do {
            before = written.get();
            TimeUnit.MILLISECONDS.sleep(300);
        } while (before == 0 || written.get() != before);
    }

    // ---- age ----

    private ScriptedPeer aged(Duration grace) {
        server.builder()
                .connections(policy ->
                        policy.withMaxAge(Duration.ofMinutes(10), grace).withMaxIdle(KeepAlive.NEVER));
        return server.greet();
    }

    @Test
    void aConnectionThatIsTooOldIsClosedGently() {
        ScriptedPeer peer = aged(KeepAlive.NEVER);
        openCall(peer, 1);

        clock.advance(Duration.ofMinutes(9).minusNanos(1));
        assertThat(peer.pingBarrier()).isEmpty();
        clock.advance(Duration.ofMinutes(2));

        Frame.GoAway goAway = peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(goAway.debugText()).isEqualTo("max_age");
        assertThat(goAway.lastStreamId()).isEqualTo(BEYOND_EVERY_STREAM);
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(1);
        sleeper.release();
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
        assertThat(peer.expectClosed().stream().filter(frame -> !(frame instanceof Frame.GoAway)))
                .isEmpty();
    }

    @Test
    void aCallThatOutlivesTheGraceOfItsConnectionIsUnavailable() {
        ScriptedPeer peer = aged(Duration.ofMinutes(1));
        openCall(peer, 1);
        clock.advance(Duration.ofMinutes(11));
        peer.expectGoAway(ErrorCode.NO_ERROR);

        clock.advance(Duration.ofMinutes(1));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        assertThat(response.statusMessage())
                .hasValueSatisfying(text -> assertThat(text).contains("greatest age"));
        sleeper.expectInterrupted();
    }

    @Test
    void theAgeIsATenthMoreOrLessByChance() {
        assertThat(LifeSpan.jittered(1000, 0)).isEqualTo(900);
        assertThat(LifeSpan.jittered(1000, 0.5)).isEqualTo(1000);
        assertThat(LifeSpan.jittered(1000, 1)).isEqualTo(1100);
    }

    @Test
    void aConnectionThatHasEndedLeavesNoTimerBehind() {
        server.builder().connections(policy -> policy.withMaxAge(Duration.ofHours(1), KeepAlive.NEVER));
        ScriptedPeer peer = server.greet();
        assertThat(clock.dueLater()).isEqualTo(3); // Keep-alive, idleness and age.

        peer.reset();
        server.greet();

        expectTimers(3);
    }

    /** Or whoever breaks the rules quickly, again and again, would have us remember them all for a while. */
    @Test
    void aConnectionThatWasClosedForABreachLeavesNoTimerBehind() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Data(0, Octets.EMPTY, false));
        assertThat(peer.expectGoAway(ErrorCode.PROTOCOL_ERROR).lastStreamId()).isZero();
        expectTimers(2);
        peer.close();

        expectTimers(0);
    }

    /** The socket's end is noticed on its own event loop. */
    private void expectTimers(int timers) {
        long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (clock.dueLater() != timers) {
            assertThat(System.nanoTime()).isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }

    // ---- shutdown ----

    @Test
    void aServerThatHasEndedLeavesNothingForTheEndOfItsGrace() throws Exception {
        ScriptedPeer peer = server.greet();
        CompletableFuture<Void> terminated =
                server.server().shutdown(Duration.ofHours(1)).toCompletableFuture();
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectClosed();
        peer.close();

        terminated.get(10, TimeUnit.SECONDS);

        assertThat(clock.dueLater()).isZero();
    }

    /** They were opened behind the GOAWAY, and so many that we remember only the last of them. */
    @Test
    void whatComesLateForCallsThatWereNotTakenCostsNoOther() {
        ScriptedPeer peer = server.greet();
        openCall(peer, 1);
        server.server().shutdown(Duration.ofHours(1));
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectGoAway(ErrorCode.NO_ERROR);
        int last = 1 + 2 * 1100;
        for (int stream = 3; stream <= last; stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY));
        }

        peer.send(lastText(last, "late"), lastText(3, "late"));

        peer.expectRstStream(3, ErrorCode.STREAM_CLOSED);
        assertThat(peer.pingBarrier()).isEmpty();
        sleeper.release();
        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
    }
}
