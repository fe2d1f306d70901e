// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.KeepAlive;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long a client keeps a connection, and how it finds out that one is dead: keepalive.md, gRFC A8. */
@Timeout(60)
class ClientConnectionLifeTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @RegisterExtension
    final ConnectionLog log = new ConnectionLog();

    private final FakeClock clock = new FakeClock();

    private void channel(KeepAlive keepAlive) {
        script.channel(builder ->
                builder.keepAlive(keepAlive).idleTimeout(Duration.ofMinutes(30)).transport(new Http2Transport(clock)));
    }

    private ScriptedPeer connected() {
        script.channel().connect();
        ScriptedPeer peer = script.listener().accept().withoutWindowUpdates().handshake();
        expectEverythingHeard(peer);
        return peer;
    }

    private static void expectKeepAlive(ScriptedPeer peer) {
        peer.expect(Frame.Ping.class, ping -> !ping.ack() && ping.payload() == KeepAlivePings.PAYLOAD);
    }

    /** Behind this nothing is under way that would count as heard at a later time. */
    private static void expectEverythingHeard(ScriptedPeer peer) {
        peer.pingBarrier(Frame.Ping.class);
    }

    private static void expectNotAsked(ScriptedPeer peer) {
        assertThat(peer.pingBarrier(Frame.Ping.class)).allMatch(Frame.Ping::ack);
    }

    // ---- keep-alive ----

    @Test
    void aServerThatDoesNotAnswerIsGivenUpAndTheNextCallConnectsAgain() {
        channel(KeepAlive.every(Duration.ofSeconds(30)));
        script.channel().connect();
        ScriptedPeer peer = script.listener()
                .accept()
                .withoutPingAck()
                .withoutWindowUpdates()
                .handshake();
        CompletableFuture<String> call = script.unary("hi");
        peer.expectHeaders(1);
        expectEverythingHeard(peer);

        clock.advance(Duration.ofSeconds(30));
        expectKeepAlive(peer);
        clock.advance(Duration.ofSeconds(20));

        StatusException failure = failureOf(call);
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(failure.status().description())
                .startsWith("keepalive: the peer was silent for 30 s and did not answer a PING within 20 s");
        CompletableFuture<String> next = script.unary("hi again");
        script.accept().send(answer(1, "welcome back"));
        assertThat(answerTo(next)).isEqualTo("welcome back");
    }

    @Test
    void aServerThatAnswersIsKept() {
        channel(KeepAlive.every(Duration.ofSeconds(30)));
        ScriptedPeer peer = connected();
        CompletableFuture<String> call = script.unary("hi");
        peer.expectHeaders(1);
        expectEverythingHeard(peer);

        clock.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 3; i++) {
            expectKeepAlive(peer);
            expectEverythingHeard(peer);
            clock.advance(Duration.ofSeconds(20));
            clock.advance(Duration.ofSeconds(10));
        }

        peer.send(answer(1, "patience"));
        assertThat(answerTo(call)).isEqualTo("patience");
    }

    /** They would wait for ever on a line that is dead. */
    @Test
    void aServerIsAskedForTheSakeOfCallsItHasNotTakenYet() {
        channel(KeepAlive.every(Duration.ofSeconds(30)));
        script.channel().connect();
        ScriptedPeer peer = script.listener()
                .accept()
                .withoutWindowUpdates()
                .handshake(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 0));
        script.start(Texts.CHAT);
        script.settle();
        expectEverythingHeard(peer);

        clock.advance(Duration.ofSeconds(30));

        expectKeepAlive(peer);
    }

    @Test
    void withoutCallsAServerIsNotAsked() {
        channel(KeepAlive.every(Duration.ofSeconds(30)));
        ScriptedPeer peer = connected();

        clock.advance(Duration.ofMinutes(5));

        expectNotAsked(peer);
    }

    /** In the server's eyes such a call is over, and too many PINGs without calls make it go away (gRFC A8). */
    @Test
    void aServerIsNotAskedForTheSakeOfAnAnswerThatIsCompleteAndUnread() {
        channel(KeepAlive.every(Duration.ofSeconds(30)));
        ScriptedPeer peer = connected();
        HeardCall unread = script.start(Texts.WATCH);
        unread.send("hi");
        unread.halfClose();
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));
        assertThat(unread.next()).isEqualTo("headers");
        expectEverythingHeard(peer);

        clock.advance(Duration.ofMinutes(5));

        expectNotAsked(peer);
    }

    @Test
    void withoutCallsAServerIsAskedIfTheApplicationSaysSo() {
        channel(KeepAlive.every(Duration.ofSeconds(30)).evenWithoutCalls());
        ScriptedPeer peer = connected();

        clock.advance(Duration.ofSeconds(30));

        expectKeepAlive(peer);
    }

    @Test
    void byDefaultAServerIsNeverAsked() {
        channel(KeepAlive.OFF);
        ScriptedPeer peer = connected();
        script.unary("hi");
        peer.expectHeaders(1);

        clock.advance(Duration.ofDays(1));

        expectNotAsked(peer);
    }

    @Test
    void aServerThatComplainsIsAskedHalfAsOften() {
        channel(KeepAlive.every(Duration.ofSeconds(30)).evenWithoutCalls());
        ScriptedPeer first = connected();
        first.send(new Frame.GoAway(0, ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings"));
        first.expectGoAway(ErrorCode.NO_ERROR);

        ScriptedPeer second = connected();
        clock.advance(Duration.ofSeconds(59));
        expectNotAsked(second);
        clock.advance(Duration.ofSeconds(60));

        expectKeepAlive(second);
        assertThat(log.loud()).anyMatch(line -> line.contains("ask after 60 s of silence"));
    }

    @Test
    void aServerThatGoesAwayForAnotherReasonIsAskedAsOftenAsBefore() {
        channel(KeepAlive.every(Duration.ofSeconds(30)).evenWithoutCalls());
        ScriptedPeer first = connected();
        first.send(new Frame.GoAway(0, ErrorCode.ENHANCE_YOUR_CALM, "too many resets"));
        first.expectGoAway(ErrorCode.NO_ERROR);

        ScriptedPeer second = connected();
        clock.advance(Duration.ofSeconds(30));

        expectKeepAlive(second);
    }

    // ---- idle ----

    @Test
    void aChannelWithoutCallsClosesItsConnectionAndTheNextCallMakesANewOne() {
        channel(KeepAlive.OFF);
        ScriptedPeer peer = connected();

        clock.advance(Duration.ofMinutes(30));

        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.IDLE);
        CompletableFuture<String> next = script.unary("hi again");
        script.accept().send(answer(1, "welcome back"));
        assertThat(answerTo(next)).isEqualTo("welcome back");
    }

    @Test
    void aChannelWithACallIsNotIdleHoweverLongTheCallTakes() {
        channel(KeepAlive.OFF);
        ScriptedPeer peer = connected();
        CompletableFuture<String> call = script.unary("hi");
        peer.expectHeaders(1);

        clock.advance(Duration.ofHours(2));

        peer.send(answer(1, "patience"));
        assertThat(answerTo(call)).isEqualTo("patience");
    }

    @Test
    void aCallStartsTheIdleTimeAnew() {
        channel(KeepAlive.OFF);
        ScriptedPeer peer = connected();
        for (int stream = 1; stream < 11; stream += 2) {
            clock.advance(Duration.ofMinutes(29));
            CompletableFuture<String> call = script.unary("hi");
            peer.expectHeaders(stream);
            peer.send(answer(stream, "here"));
            assertThat(answerTo(call)).isEqualTo("here");
        }

        assertThat(script.channel().state()).isEqualTo(ConnectivityState.READY);
        clock.advance(Duration.ofMinutes(38));
        peer.expectGoAway(ErrorCode.NO_ERROR);
    }
}
