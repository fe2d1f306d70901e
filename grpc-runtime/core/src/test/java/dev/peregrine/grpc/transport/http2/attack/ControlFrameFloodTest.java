// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CVE-2019-9512, CVE-2019-9515 and their like: frames that cost their sender nothing. Bound: answers that wait for a
 * peer that does not read; what has no answer leaves nothing behind.
 */
@Timeout(60)
class ControlFrameFloodTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

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
                .isEqualTo("101 frames that move nothing came within 30 s, beyond what others paid for (allowed: 100,"
                        + " maxIdleFrames)");
    }

    /** Each would make us search our memory of resets. */
    @Test
    void aFloodOfFramesThatBreakAStreamThatIsGoneCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxIdleFrames(100)).greet();
        peer.send(GrpcFrames.request(1, UNARY).plus("connection", "close"));
        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
        Frame[] flood = new Frame[100];
        Arrays.fill(flood, new Frame.WindowUpdate(1, 0));

        peer.send(flood);

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }

    // ---- peers that do not read ----

    @Test
    void aFloodOfPingsFromAPeerThatDoesNotReadCostsTheConnection() throws Exception {
        flood(raw(FrameType.PING, 0, 0, "00 00 00 00 00 00 00 00").octets());
    }

    @Test
    void aFloodOfSettingsFromAPeerThatDoesNotReadCostsTheConnection() throws Exception {
        flood(raw(FrameType.SETTINGS, 0, 0, "").octets());
    }

    /** Each is answered on the spot, and the answers lie here. */
    @Test
    void aFloodOfCallsFromAPeerThatDoesNotReadCostsTheConnection() throws Exception {
        server.limits(limits -> limits.withMaxConcurrentCalls(10));
        // ":method POST", ":scheme http", then ":path /" and nothing else: not gRPC, so 415 and a text.
        flood(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, "83 86 84")
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

    // ---- frames that want no answer ----

    static Stream<Arguments> idleTalk() {
        return Stream.of(
                arguments("acknowledgements of SETTINGS", Frame.Settings.ACK),
                arguments("answers to PINGs nobody sent", new Frame.Ping(true, 1)),
                arguments("PRIORITY", new Frame.Priority(1, 0, false, 16)),
                arguments("PRIORITY of an idle stream", new Frame.Priority(77, 0, false, 16)),
                arguments("windows", new Frame.WindowUpdate(0, 1)),
                arguments("windows of a stream", new Frame.WindowUpdate(1, 1)),
                arguments("resets of a stream that has ended", new Frame.RstStream(1, ErrorCode.CANCEL)),
                arguments("unknown frames", raw(0x77, 0, 0, "01")));
    }

    /** They are read and forgotten: they take from their sender as much as from us, and the next call is answered. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("idleTalk")
    void framesThatWantNoAnswerGetNoneHoweverMany(String name, Frame frame) {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);
        Frame[] many = new Frame[10_000];
        Arrays.fill(many, frame);

        peer.send(many);

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    /** Thousands of settings in each frame: nothing of them is kept, and windows change once for a frame. */
    @Test
    void settingsWithThousandsOfEntriesAreKeptAsOneOfEach() {
        ScriptedPeer peer = server.greet();
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 2_700; i++) {
            entries.append(
                    i % 3 == 0 ? "00 04 00 00 00 01 " : i % 3 == 1 ? "00 01 00 00 00 00 " : "77 77 00 00 00 01 ");
        }
        entries.append("00 04 00 00 ff ff");

        peer.send(raw(FrameType.SETTINGS, 0, 0, entries.toString()));

        peer.expectSettingsAck();
        expectNextCallAnswered(peer, 1);
    }
}
