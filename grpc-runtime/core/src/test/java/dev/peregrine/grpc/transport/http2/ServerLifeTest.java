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
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection's first words, and what keeps it going. How the server ends it is told in {@code ServerShutdownTest}. */
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
    void aConnectionWhoseHandshakeIsDoneIsNotGivenUp() {
        FakeClock clock = new FakeClock();
        server.builder().transport(clock.transport());
        ScriptedPeer peer = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(300)))
                .greet();

        clock.advance(Duration.ofSeconds(1));

        expectNextCallAnswered(peer, 1);
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

    @Test
    void aFrameHeaderThatLiesCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.sendRaw(
                new Frame.Raw(FrameType.HEADERS, FrameFlag.END_HEADERS, 1, Octets.zeros(4)).octetsClaiming(1 << 20));

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }
}
