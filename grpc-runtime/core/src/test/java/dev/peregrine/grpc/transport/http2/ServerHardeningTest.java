// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
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
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames out of place, lawful and unlawful, and peers that ask for much and pay little. */
@Timeout(60)
class ServerHardeningTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    // ---- stream numbers (RFC 9113, 5.1.1) ----

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 1_000_000})
    void aStreamThatIsNotTheClientsCostsTheConnection(int streamId) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(streamId, UNARY));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aStreamBelowTheLastOneCostsTheConnection() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 5);

        peer.send(GrpcFrames.request(3, UNARY));

        assertThat(peer.expectGoAway(ErrorCode.PROTOCOL_ERROR).lastStreamId()).isEqualTo(5);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aStreamThatIsOpenedTwiceCostsTheConnection() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(GrpcFrames.request(1, UNARY));

        peer.expectGoAway(ErrorCode.STREAM_CLOSED);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void streamNumbersMayBeSkippedUpToTheLast() {
        ScriptedPeer peer = server.greet();

        expectNextCallAnswered(peer, 101);
        expectNextCallAnswered(peer, Integer.MAX_VALUE);
    }

    // ---- frames for streams that are not open (5.1) ----

    @Test
    void dataOnAnIdleStreamCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(text(1, "hi"));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aResetOfAnIdleStreamCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aWindowForAnIdleStreamCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.WindowUpdate(1, 1));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    /** They were under way when we ended the stream. */
    @Test
    void aResetAndAWindowForAStreamThatHasEndedAreIgnored() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(new Frame.WindowUpdate(1, 1), new Frame.RstStream(1, ErrorCode.CANCEL), new Frame.WindowUpdate(1, 1));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void dataOnAStreamThatHasEndedIsAStreamError() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(text(1, "more"));

        peer.expectRstStream(1, ErrorCode.STREAM_CLOSED);
        peer.send(text(1, "and more"));
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void dataBehindTheEndOfARequestCostsTheStream() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(text(1, "more"));

        peer.expectRstStream(1, ErrorCode.STREAM_CLOSED);
        sleeper.expectInterrupted();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void headersBehindTheEndOfARequestCostTheStream() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.Headers(1, Header.list("x-late", "1"), true));

        peer.expectRstStream(1, ErrorCode.STREAM_CLOSED);
        sleeper.expectInterrupted();
        expectNextCallAnswered(peer, 3);
    }

    /** RFC 9113, 8.1: a second header block is trailers, and those end the stream. */
    @Test
    void trailersThatDoNotEndTheRequestCostTheStream() {
        ScriptedPeer peer = server.upload(texts -> sleeper.sleep("reading")).greet();
        peer.send(GrpcFrames.request(1, UPLOAD));
        sleeper.expectAsleep();

        peer.send(new Frame.Headers(1, Header.list("x-more", "1"), false));

        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
        sleeper.expectInterrupted();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aResetOfTheWrongLengthCostsTheConnection() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(new Frame.Raw(FrameType.RST_STREAM, 0, 1, Octets.zeros(3)));

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void paddingThatIsLongerThanItsFrameCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                new Frame.Raw(FrameType.DATA, FrameFlag.PADDED, 1, Octets.hex("05 00 00 00")));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        peer.expectClosed();
    }

    // ---- header blocks (6.10) ----

    @Test
    void nothingMayComeBetweenThePiecesOfAHeaderBlock() {
        ScriptedPeer peer = server.greet();
        Octets block = peer.encodeHeaderBlock(GrpcFrames.requestHeaders(UNARY));

        peer.send(new Frame.Raw(FrameType.HEADERS, 0, 1, block.slice(0, 5)), new Frame.Ping(false, 1));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aContinuationOfNothingCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Continuation(1, Octets.EMPTY, true));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    /** CVE-2024-27316 and its family: blocks that never end. */
    @Test
    void aHeaderBlockInEndlessSmallPiecesCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Raw(FrameType.HEADERS, 0, 1, Octets.EMPTY));
        for (int i = 0; i < 100; i++) {
            peer.send(new Frame.Continuation(1, Octets.EMPTY, false));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aHeaderBlockInEndlessLargePiecesCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Raw(FrameType.HEADERS, 0, 1, Octets.zeros(16_384)));
        for (int i = 0; i < 10; i++) {
            peer.send(new Frame.Continuation(1, Octets.zeros(16_384), false));
        }

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    // ---- too much at once ----

    @Test
    void aCallBeyondTheLimitIsRefusedAndMayComeAgain() {
        AtomicInteger started = new AtomicInteger();
        ScriptedPeer peer = server.limits(limits -> limits.withMaxConcurrentCalls(2))
                .unary(text -> {
                    started.incrementAndGet();
                    return text.equals("next") ? "re: next" : sleeper.sleep(text);
                })
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        peer.send(GrpcFrames.request(3, UNARY));

        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "hi"));

        peer.expectRstStream(5, ErrorCode.REFUSED_STREAM);
        peer.send(lastText(3, "next"));
        assertThat(texts(GrpcResponse.collect(peer, 3))).containsExactly("re: next");
        expectNextCallAnswered(peer, 7);
        sleeper.release();
        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        assertThat(started).hasValue(3);
    }

    /** CVE-2023-44487, Rapid Reset. */
    @Test
    void aFloodOfResetsCostsTheConnection() {
        server.builder().transport(new Http2Transport(new FakeClock())); // So that none of them counts as patient.
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();
        for (int i = 0; i < 20; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY), new Frame.RstStream(1 + 2 * i, ErrorCode.CANCEL));
        }
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(GrpcFrames.request(41, UNARY), new Frame.RstStream(41, ErrorCode.CANCEL));

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aFloodOfBrokenMessagesCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();

        for (int i = 0; i < 21; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UPLOAD), new Frame.Data(1 + 2 * i, Octets.of((byte) 7), true));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }

    /** A deadline that nobody can keep is a reset by another name. */
    @Test
    void aFloodOfTinyDeadlinesCostsTheConnection() {
        FakeClock clock = new FakeClock();
        server.builder().transport(new Http2Transport(clock));
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();
        for (int i = 0; i < 21; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UPLOAD).plus("grpc-timeout", "1m"));
        }
        peer.pingBarrier();

        clock.advance(java.time.Duration.ofMillis(1));

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }

    /** Answers that cost nothing pay for nothing. */
    @Test
    void answersThatComeCheapDoNotPayForResets() {
        server.builder().transport(new Http2Transport(new FakeClock()));
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();
        int stream = 1;
        for (int i = 0; i < 21; i++, stream += 4) {
            peer.send(GrpcFrames.request(stream, "/no/Such").andEndStream());
            peer.send(GrpcFrames.request(stream + 2, UNARY), new Frame.RstStream(stream + 2, ErrorCode.CANCEL));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfFramesThatMoveNothingCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxIdleFrames(100)).greet();
        Frame[] flood = new Frame[100];
        for (int i = 0; i < flood.length; i += 4) {
            flood[i] = new Frame.WindowUpdate(0, 1);
            flood[i + 1] = new Frame.Priority(1, 0, false, 16);
            flood[i + 2] = new Frame.Raw(0xfa, 0, 0, Octets.EMPTY);
            flood[i + 3] = new Frame.Settings();
        }

        peer.send(flood);

        assertThat(peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM).debugText())
                .isEqualTo("more than 100 frames that move nothing came within 30 s");
    }

    /** CVE-2025-8671, MadeYouReset: the same with our resets. */
    @Test
    void aFloodOfRequestsThatMakeUsResetCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();
        for (int i = 0; i < 20; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY), new Frame.WindowUpdate(1 + 2 * i, 0));
            peer.expectRstStream(1 + 2 * i, ErrorCode.PROTOCOL_ERROR);
        }

        peer.send(GrpcFrames.request(41, UNARY), new Frame.WindowUpdate(41, 0));

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
    void aFloodOfEmptyDataCostsTheConnection() {
        ScriptedPeer peer = server.greet();
        Frame empty = new Frame.Data(1, Octets.EMPTY, false);

        peer.send(GrpcFrames.request(1, UNARY), empty, empty, text(1, "hi"), empty, empty);
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(empty);

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        assertThat(peer.expectClosed()).isEmpty();
    }

    // ---- peers that do not read ----

    @Test
    void aFloodOfPingsFromAPeerThatDoesNotReadCostsTheConnection() throws Exception {
        flood(new Frame.Raw(FrameType.PING, 0, 0, Octets.zeros(8)).octets());
    }

    @Test
    void aFloodOfSettingsFromAPeerThatDoesNotReadCostsTheConnection() throws Exception {
        flood(new Frame.Raw(FrameType.SETTINGS, 0, 0, Octets.EMPTY).octets());
    }

    /** Each is answered on the spot, and the answers lie here. */
    @Test
    void aFloodOfCallsFromAPeerThatDoesNotReadCostsTheConnection() throws Exception {
        server.limits(limits -> limits.withMaxConcurrentCalls(10));
        // ":method POST", ":scheme http", then ":path /" and nothing else: not gRPC, so 415 and a text.
        flood(new Frame.Raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, Octets.hex("83 86 84"))
                .octets());
    }

    /** Peer has one call open, and says the same again and again (on new streams, if on any) without reading. */
    private void flood(Octets frame) throws Exception {
        server.limits(limits -> limits.withMaxQueuedControlFrames(10)).unary(sleeper::sleep);
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", server.server().port()));
        try (ScriptedPeer peer = ScriptedPeer.asClient(socket)) {
            peer.sendPreface().send(new Frame.Settings(), GrpcFrames.request(1, UNARY), lastText(1, "hi"));
            sleeper.expectAsleep();

            int streamId = 3;
            for (int i = 0; i < 500 && !sleeper.isCancelled(); i++) {
                ByteArrayOutputStream many = new ByteArrayOutputStream();
                for (int j = 0; j < 5_000; j++) {
                    byte[] octets = frame.toArray();
                    if (octets[8] != 0) {
                        octets[5] = (byte) (streamId >>> 24);
                        octets[6] = (byte) (streamId >>> 16);
                        octets[7] = (byte) (streamId >>> 8);
                        octets[8] = (byte) streamId;
                        streamId += 2;
                    }
                    many.writeBytes(octets);
                }
                peer.sendRaw(many.toByteArray());
            }

            assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.UNAVAILABLE);
            assertThat(sleeper.expectCancelled().description()).contains("does not read");
        }
    }
}
