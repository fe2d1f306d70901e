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
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection's first words, what keeps it going, and its end. */
@Timeout(60)
class ServerLifeTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    // ---- first words ----

    @Test
    void ourSettingsTellTheLimits() {
        ScriptedPeer peer = server.limits(limits -> limits.withMaxConcurrentCalls(7)
                        .withMaxMetadataSize(1_000)
                        .withWindows(2_000, 100_000))
                .greet();

        assertThat(peer.theirSettings().values())
                .isEqualTo(Map.of(
                        Setting.MAX_CONCURRENT_STREAMS, 7L,
                        Setting.MAX_HEADER_LIST_SIZE, 1_000L,
                        Setting.INITIAL_WINDOW_SIZE, 2_000L));
        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(100_000 - 65_535);
    }

    @Test
    void aWindowThatIsTheInitialOneIsNotUpdated() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withWindows(65_535, 65_535)).greet();

        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).isEmpty();
    }

    @Test
    void aClientThatSaysNothingIsGivenUp() {
        ScriptedPeer silent = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(100)))
                .dial();

        silent.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(silent.expectClosed()).isEmpty();
    }

    @Test
    void aClientThatStopsInItsPrefaceIsGivenUp() {
        ScriptedPeer peer = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(100)))
                .dial();

        peer.sendRaw(Octets.latin1("PRI * HTTP/2.0\r\n"));

        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aClientThatSendsNoSettingsIsGivenUp() {
        ScriptedPeer peer = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(100)))
                .dial();

        peer.sendPreface();

        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aConnectionWhoseHandshakeIsDoneIsNotGivenUp() throws Exception {
        ScriptedPeer patient = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(300)))
                .greet();
        // Another connection, opened later, measures the time.
        ScriptedPeer silent = server.dial();
        silent.expectClosed();

        expectNextCallAnswered(patient, 1);
    }

    /** RFC 9113, 3.4: each end's first frame is SETTINGS. */
    @Test
    void aFirstFrameThatIsNotSettingsCostsTheConnection() {
        ScriptedPeer peer = server.dial();

        peer.sendPreface().send(new Frame.Ping(false, 1));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aFirstFrameThatIsNotSettingsIsNotExcusedByBeingTooLarge() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxMetadataSize(512)).dial();

        peer.sendPreface().send(GrpcFrames.request(1, TextsServer.UNARY).plus("x", "x".repeat(600)));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    // ---- SETTINGS ----

    @Test
    void everySettingsFrameIsAcknowledged() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Settings(), new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 1));

        peer.expectSettingsAck().expectSettingsAck();
    }

    @Test
    void unknownSettingsAreIgnored() {
        ScriptedPeer peer = server.dial().handshake(new Frame.Settings().with(0x99, 7));

        expectNextCallAnswered(peer, 1);
    }

    /** RFC 7541, 4.2: our encoder may keep nothing in the table; the script's decoder would not find it. */
    @Test
    void aHeaderTableSizeOfZeroIsObeyed() {
        ScriptedPeer peer = server.dial().handshake(new Frame.Settings().with(Setting.HEADER_TABLE_SIZE, 0));

        expectNextCallAnswered(peer, 1);
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void theHeaderTableMayShrinkAndGrowLater() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(new Frame.Settings().with(Setting.HEADER_TABLE_SIZE, 0)).expectSettingsAck();
        expectNextCallAnswered(peer, 3);
        peer.send(new Frame.Settings().with(Setting.HEADER_TABLE_SIZE, 8_192)).expectSettingsAck();
        expectNextCallAnswered(peer, 5);
        expectNextCallAnswered(peer, 7);
    }

    @ParameterizedTest(name = "setting {0} = {1}: error {2}")
    @CsvSource({
        "2, 2, 1", // ENABLE_PUSH is 0 or 1
        "4, 2147483648, 3", // INITIAL_WINDOW_SIZE is at most 2^31-1
        "5, 16383, 1", // MAX_FRAME_SIZE is at least 2^14
        "5, 16777216, 1", // and at most 2^24-1
    })
    void aSettingOutOfItsRangeCostsTheConnection(int identifier, long value, long errorCode) {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Settings().with(identifier, value));

        peer.expectGoAway(errorCode);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @ParameterizedTest(name = "SETTINGS with flags {0} on stream {1} with {2} octets: error {3}")
    @CsvSource({
        "0, 0, 5, 6", // not a multiple of 6
        "1, 0, 6, 6", // an ACK with a payload
        "0, 1, 6, 1", // on a stream
    })
    void aMalformedSettingsFrameCostsTheConnection(int flags, int streamId, int octets, long errorCode) {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Raw(FrameType.SETTINGS, flags, streamId, Octets.zeros(octets)));

        peer.expectGoAway(errorCode);
        assertThat(peer.expectClosed()).isEmpty();
    }

    // ---- PING and the rest of the family ----

    @Test
    void aPingIsAnsweredWithItsPayload() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Ping(false, 0x0123456789abcdefL));

        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 0x0123456789abcdefL));
    }

    @Test
    void anAnswerToAPingThatNobodySentIsIgnored() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Ping(true, 42));

        expectNextCallAnswered(peer, 1);
    }

    @Test
    void aPingOfTheWrongLengthCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Raw(FrameType.PING, 0, 0, Octets.zeros(7)));

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    /** RFC 9113, 5.5: what we do not know must not disturb us. */
    @Test
    void framesOfUnknownTypesAndPrioritiesAreIgnored() {
        ScriptedPeer peer = server.greet();

        peer.send(
                new Frame.Raw(0x42, 0xff, 0, Octets.zeros(100)),
                new Frame.Raw(0x43, 0, 9, Octets.EMPTY),
                new Frame.Priority(9, 0, false, 16));

        expectNextCallAnswered(peer, 1);
    }

    @Test
    void aPushPromiseCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.PushPromise(1, 2, GrpcFrames.requestHeaders(UNARY)));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aFrameLargerThanWeAllowCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Data(1, Octets.zeros(16_385), true));

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
        peer.expectClosed();
    }

    /** A client that goes away still gets the answers it waits for. */
    @Test
    void callsGoOnBehindTheClientsGoAway() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, "bye"));
        sleeper.release();

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
    }

    @Test
    void aClientThatClosesItsSocketCancelsItsCalls() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.halfClose();

        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.UNAVAILABLE);
        peer.expectClosed();
    }

    // ---- shutdown ----

    /**
     * RFC 9113, 6.8: the first GOAWAY warns, the second, a round trip later, names the last call. Those in between are
     * answered, those behind are not.
     */
    @Test
    void aGracefulShutdownAnswersWhatWasUnderWay() throws Exception {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .dial()
                .withoutPingAck()
                .handshake();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMinutes(1));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(Integer.MAX_VALUE);
        Frame.Ping ping = peer.expect(Frame.Ping.class);
        expectNextCallAnswered(peer, 3);
        peer.send(new Frame.Ping(true, ping.payload()));
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(3);
        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "too late"));
        peer.send(GrpcFrames.request(7, UNARY));
        peer.send(lastText(7, "too late"));
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(terminated.toCompletableFuture()).isNotDone();
        sleeper.release();

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
        // The last GOAWAY says it once more, as the last word of every connection.
        assertThat(peer.expectClosed()).allMatch(Frame.GoAway.class::isInstance);
        peer.close();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The system may take a moment to close the port; who comes within it is hung up on without a word. */
    @Test
    void aShutdownStopsListeningAtOnce() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        int port = server.server().port();

        server.server().shutdown(Duration.ofMinutes(1));

        while (isTaken(port)) {
            Thread.onSpinWait(); // Until the test's time is up.
        }
        sleeper.release();
        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
    }

    private static boolean isTaken(int port) {
        try (Socket late = new Socket("127.0.0.1", port)) {
            late.setSoTimeout(10_000);
            assertThat(late.getInputStream().read()).isEqualTo(-1);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void aConnectionWithoutCallsClosesWhenTheClientHasHeard() throws Exception {
        ScriptedPeer peer = server.greet();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMinutes(1));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(Integer.MAX_VALUE);
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isZero();
        assertThat(peer.expectClosed()).isEmpty();
        peer.close();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theLastAnswerOfAShutdownArrivesWhole() {
        String large = "x".repeat(8 << 20);
        server.unary(text -> {
            server.server().shutdown(Duration.ofMinutes(1));
            return large;
        });
        ScriptedPeer peer = server.dial().handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 1 << 30));
        peer.send(new Frame.WindowUpdate(0, 1 << 30));

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "go"));
        peer.expectHeaders(1);
        int octets = 0;
        while (octets < 5 + large.length()) {
            octets += peer.expectData(1).payload().length();
        }

        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, Header.list("grpc-status", "0"), true));
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectClosed();
    }

    @Test
    void callsThatOutliveTheGraceHearUnavailable() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMillis(300));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.UNAVAILABLE);
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectClosed();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aForcedShutdownAnswersUnavailableAndCloses() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ZERO);

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(1);
        assertThat(peer.expectClosed()).isEmpty();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aGracefulShutdownCanBeForcedLater() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMinutes(1));
        peer.expectGoAway(ErrorCode.NO_ERROR);

        server.server().shutdown(Duration.ZERO);

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        peer.expectClosed();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aShutdownDoesNotWaitForConnectionsThatSaidNothing() throws Exception {
        ScriptedPeer silent = server.dial();
        ScriptedPeer peer = server.greet(); // Accepted behind the silent one.

        server.server().shutdown(Duration.ofMillis(100));

        silent.expectGoAway(ErrorCode.NO_ERROR);
        silent.expectClosed();
        peer.expectClosed();
    }

    @Test
    void aFrameHeaderThatLiesCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.sendRaw(
                new Frame.Raw(FrameType.HEADERS, FrameFlag.END_HEADERS, 1, Octets.zeros(4)).octetsClaiming(1 << 20));

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }
}
