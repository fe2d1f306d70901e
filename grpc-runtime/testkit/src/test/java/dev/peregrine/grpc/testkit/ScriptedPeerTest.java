// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which frame an {@code expect} finds, and how it fails. */
class ScriptedPeerTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void aWholeConversationIsWrittenAsAScript() {
        Pair pair = Pair.afterHandshake(peers);
        ScriptedPeer client = pair.client();
        ScriptedPeer server = pair.server();

        client.send(new Frame.Headers(1, Header.list(":method", "POST", ":path", "/echo"), false));
        client.send(new Frame.Data(1, Octets.utf8("ping"), true));

        assertThat(server.expectHeaders(1).first(":path")).contains("/echo");
        assertThat(server.expectData(1)).isEqualTo(new Frame.Data(1, Octets.utf8("ping"), true));

        server.send(
                new Frame.Headers(1, Header.list(":status", "200"), false),
                new Frame.Data(1, Octets.utf8("pong"), false),
                new Frame.Headers(1, Header.list("grpc-status", "0"), true));

        assertThat(client.expectHeaders(1).endStream()).isFalse();
        assertThat(client.expectData(1).payload().utf8()).isEqualTo("pong");
        assertThat(client.expectHeaders(1).endStream()).isTrue();
        assertThat(client.pingBarrier()).isEmpty();
    }

    @Test
    void streamsAreHeardEachInItsOwnOrder() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(open(1), open(3), data(3, "c"), data(1, "a"), data(1, "b"));

        pair.server().expectHeaders(3);
        assertThat(pair.server().expectData(3).payload().utf8()).isEqualTo("c");
        pair.server().expectHeaders(1);
        assertThat(pair.server().expectData(1).payload().utf8()).isEqualTo("a");
        assertThat(pair.server().expectData(1).payload().utf8()).isEqualTo("b");
    }

    @Test
    void backgroundFramesArePassedOverUnlessAskedFor() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(new Frame.Ping(false, 7), open(1), new Frame.WindowUpdate(1, 9), data(1, "a"));

        pair.server().expect(Frame.Headers.class);
        pair.server().expectData(1);
        assertThat(pair.server().expectWindowUpdate(1).increment()).isEqualTo(9);
        assertThat(pair.server().expect(Frame.Ping.class).payload()).isEqualTo(7);
    }

    @Test
    void anotherFrameThanTheExpectedOneFailsAtOnce() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(open(1), new Frame.RstStream(1, ErrorCode.CANCEL));
        pair.server().expectHeaders(1);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.server().expectData(1))
                .withMessageStartingWith("expected DATA on stream 1, but found RST_STREAM(1, CANCEL)\n")
                .withMessageEndingWith("\n<- RST_STREAM(1, CANCEL)");
    }

    @Test
    void anotherErrorCodeThanTheExpectedOneFailsAtOnce() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(open(1), new Frame.RstStream(1, ErrorCode.CANCEL));
        pair.server().expectHeaders(1);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.server().expectRstStream(1, ErrorCode.REFUSED_STREAM))
                .withMessageStartingWith("expected RST_STREAM(1, REFUSED_STREAM), but found RST_STREAM(1, CANCEL)\n");
    }

    @Test
    void aFrameThatDoesNotComeIsWaitedForOnlySoLong() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(open(3));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.server().withPatience(SHORT).expectHeaders(1))
                .withMessageStartingWith("expected HEADERS on stream 1, but nothing came within PT0.05S\n"
                        + "Conversation (-> said by the script as server, <- heard from the client at /127.0.0.1:");
    }

    @Test
    void aConnectionThatEndsIsNotWaitedFor() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().halfClose();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> withoutWaiting(pair.server(), peer -> peer.expectHeaders(1)))
                .withMessageStartingWith("expected HEADERS on stream 1, but the connection has ended: end of stream\n")
                .withMessageEndingWith("\n<- (end of stream)");
    }

    @Test
    void anErrorGoAwayEndsTheWaitForAnythingElse() {
        Pair pair = Pair.afterHandshake(peers);
        pair.server().send(new Frame.GoAway(0, ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> withoutWaiting(pair.client(), peer -> peer.expectHeaders(1)))
                .withMessageStartingWith("expected HEADERS on stream 1,"
                        + " but found GOAWAY(last 0, ENHANCE_YOUR_CALM, \"too_many_pings\")\n");
    }

    @Test
    void aGracefulGoAwayDoesNotEndTheWait() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(open(1));
        pair.server().send(new Frame.GoAway(1, ErrorCode.NO_ERROR, ""), GrpcFrames.response(1));

        pair.client().expectHeaders(1);
        assertThat(pair.client().expectGoAway(ErrorCode.NO_ERROR).lastStreamId())
                .isEqualTo(1);
    }

    @Test
    void theEndReturnsWhatWasSaidBeforeIt() {
        Pair pair = Pair.afterHandshake(peers);
        Frame.GoAway goAway = new Frame.GoAway(0, ErrorCode.PROTOCOL_ERROR, "no");
        pair.server().send(goAway).close();

        assertThat(pair.client().expectClosed()).containsExactly(goAway);
    }

    @Test
    void aResetConnectionIsClosed() {
        Pair pair = Pair.afterHandshake(peers);
        pair.server().reset();

        assertThat(pair.client().expectClosed()).isEmpty();
    }

    @Test
    void anOpenConnectionIsNotClosed() {
        Pair pair = Pair.afterHandshake(peers);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> pair.client().withPatience(SHORT).expectClosed())
                .withMessageStartingWith("expected the connection to be closed, but it is still open after PT0.05S\n");
    }

    @Test
    void aPingBarrierReturnsWhatStoodBeforeTheAck() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(open(1));
        pair.server().expectHeaders(1);
        Frame.Headers response = GrpcFrames.response(1);
        pair.server().send(response, new Frame.WindowUpdate(0, 5));

        assertThat(pair.client().pingBarrier()).containsExactly(response);
        assertThat(pair.client().pingBarrier()).isEmpty();
        assertThat(pair.client().pingBarrier(Frame.WindowUpdate.class)).containsExactly(new Frame.WindowUpdate(0, 5));
        assertThat(pair.client().pingBarrier(Frame.WindowUpdate.class)).isEmpty();
    }

    @Test
    void aPeerThatDoesNotReadCannotHoldTheScriptForEver() {
        Pair pair = Pair.silent(peers);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> pair.client().withPatience(Duration.ofMillis(500)).sendRaw(Octets.zeros(24 << 20)))
                .withMessageStartingWith("the server has stopped reading: ");
    }

    @Test
    void sendingIntoAClosedConnectionIsNoFailureOfTheScript() {
        Pair pair = Pair.afterHandshake(peers);
        pair.server().reset();
        pair.client().expectClosed();

        pair.client().send(new Frame.Ping(false, 1));
        assertTimeoutPreemptively(ScriptedPeer.PATIENCE, () -> {
            while (!pair.client().transcript().contains("-> PING(0x1)\n-> (not written: ")) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void aClosedPeerSaysSo() {
        ScriptedPeer client = Pair.afterHandshake(peers).client();
        client.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> client.send(new Frame.Ping(false, 1)))
                .withMessage("this peer is closed, it cannot send");
    }

    @Test
    void whatCannotBeWrittenIsTheScriptsMistake() {
        Pair pair = Pair.afterHandshake(peers);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.client().send(new Frame.Data(1, Octets.EMPTY, false, 257)))
                .withMessageStartingWith("cannot be sent: padding 257 does not fit its length octet");
    }

    @Test
    void theHandshakeTellsTheirSettings() {
        Frame.Settings settings = new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 100);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), settings);

        assertThat(pair.client().theirSettings()).isEqualTo(settings);
        assertThatIllegalStateException()
                .isThrownBy(() -> Pair.silent(peers).client().theirSettings());
    }

    @Test
    void connectionsAreAcceptedOneByOne() {
        ScriptedPeer.Server server = peers.listen();
        ScriptedPeer first = peers.connectTo(server.port());
        ScriptedPeer firstAccepted = server.accept();
        ScriptedPeer second = peers.connectTo(server.port());
        ScriptedPeer secondAccepted = server.accept();

        first.sendPreface().send(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 1));
        second.sendPreface().send(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 2));

        assertThat(firstAccepted.expect(Frame.Settings.class).values()).containsValue(1L);
        assertThat(secondAccepted.expect(Frame.Settings.class).values()).containsValue(2L);
    }

    @Test
    void aConnectionThatDoesNotComeIsWaitedForOnlySoLong() {
        ScriptedPeer.Server server = peers.listen();

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> server.accept(SHORT))
                .withMessage("expected connection number 1 to %s, but none came within PT0.05S", server.authority());
    }

    /** Fails if the expectation uses up its patience, which is longer than a test may take. */
    private static void withoutWaiting(ScriptedPeer peer, Consumer<ScriptedPeer> expectation) {
        peer.withPatience(Duration.ofHours(1));
        assertTimeoutPreemptively(ScriptedPeer.PATIENCE, () -> expectation.accept(peer));
    }

    private static Frame open(int streamId) {
        return GrpcFrames.request(streamId, "/test");
    }

    private static Frame data(int streamId, String text) {
        return new Frame.Data(streamId, Octets.utf8(text), false);
    }
}
