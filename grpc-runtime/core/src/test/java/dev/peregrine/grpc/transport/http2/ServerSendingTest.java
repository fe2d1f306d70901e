// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113, 5.2 and 6.9: what a client's windows let through of what we send, and how long handlers wait for them. */
@Timeout(60)
class ServerSendingTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    // ---- what we send ----

    @Test
    void aResponseStopsAtTheStreamsWindowAndGoesOnWithIt() {
        ScriptedPeer peer = frugalPeer(10);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "0123456789")); // Answer: 5 + 14 octets.

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(10);
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 5));
        assertThat(peer.expectData(1).payload().length()).isEqualTo(5);
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 1_000));
        assertThat(peer.expectData(1).payload().utf8()).isEqualTo("6789");
        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("0");
    }

    @Test
    void aResponseStopsAtTheConnectionsWindowAndGoesOnWithIt() {
        server.unary(text -> "x".repeat(70_000 - 5));
        ScriptedPeer peer = frugalPeer(1 << 20);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "large"));

        peer.expectHeaders(1);
        assertThat(receive(peer, 1, 65_535)).isEqualTo(65_535);
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(0, 1 << 20));
        assertThat(receive(peer, 1, 70_000 - 65_535)).isEqualTo(70_000 - 65_535);
        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("0");
    }

    @Test
    void aStreamThatWaitsForItsWindowDoesNotHoldUpAnother() {
        ScriptedPeer peer = frugalPeer(20);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "0123456789abcdef"));
        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(20);

        expectNextCallAnswered(peer, 3);
        peer.send(new Frame.WindowUpdate(1, 100));
        assertThat(peer.expectData(1).payload().utf8()).isEqualTo("bcdef");
        peer.expectHeaders(1);
    }

    @Test
    void streamsShareTheConnectionsWindowFrameByFrame() {
        server.unary(text -> "x".repeat(100_000));
        ScriptedPeer peer = frugalPeer(1 << 20);
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "large"));
        peer.expectHeaders(1);
        receive(peer, 1, 65_535);
        peer.send(GrpcFrames.request(3, UNARY), lastText(3, "large"));
        peer.expectHeaders(3);

        peer.send(new Frame.WindowUpdate(0, 4 * 16_384));

        int first = 0;
        int third = 0;
        for (int i = 0; i < 4; i++) {
            Frame.Data data = peer.expect(Frame.Data.class);
            if (data.streamId() == 1) {
                first++;
            } else {
                third++;
            }
        }
        assertThat(first).isEqualTo(2);
        assertThat(third).isEqualTo(2);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aSmallerInitialWindowCanMakeOpenWindowsNegative() {
        ScriptedPeer peer = frugalPeer(10);
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "0123456789"));
        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(10);

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 4)); // Now -6.
        peer.send(new Frame.WindowUpdate(1, 6)); // Now 0.
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 1));

        assertThat(peer.expectData(1).payload().length()).isEqualTo(1);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aLargerInitialWindowLetsOpenStreamsGoOn() {
        ScriptedPeer peer = frugalPeer(0);
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "0123456789"));
        peer.expectHeaders(1);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 7));

        assertThat(peer.expectData(1).payload().length()).isEqualTo(7);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void headersAndTrailersNeedNoWindow() {
        server.unary(text -> {
            throw new StatusException(StatusCode.NOT_FOUND, "no " + text);
        });
        server.watch((text, out) -> {});
        ScriptedPeer peer = frugalPeer(0);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "cat"));
        peer.send(GrpcFrames.request(3, WATCH), lastText(3, "nothing"));

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.NOT_FOUND.value());
        assertThat(GrpcResponse.collect(peer, 3).status()).isZero();
    }

    @Test
    void aRefusalSendsNoTextThatTheWindowHasNoRoomFor() {
        ScriptedPeer peer = frugalPeer(0);

        peer.send(
                GrpcFrames.request(1, UNARY).with("content-type", "text/plain").andEndStream());

        Frame.Headers refusal = peer.expectHeaders(1);
        assertThat(refusal.first(":status")).contains("415");
        assertThat(refusal.endStream()).isTrue();
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void theTextOfARefusalIsPaidForFromTheConnectionsWindow() {
        server.unary(text -> "x".repeat(65_535 - 5));
        ScriptedPeer peer = frugalPeer(1 << 20);
        peer.send(
                GrpcFrames.request(1, UNARY).with("content-type", "text/plain").andEndStream());
        peer.expectHeaders(1);
        int text = peer.expectData(1).payload().length();

        peer.send(GrpcFrames.request(3, UNARY), lastText(3, "as much as there can be"));

        peer.expectHeaders(3);
        assertThat(receive(peer, 3, 65_535 - text)).isEqualTo(65_535 - text);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aMessageLargerThanAFrameIsSplit() {
        ScriptedPeer peer = server.unary(text -> "x".repeat(40_000)).greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "large"));

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(16_384);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(16_384);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(40_005 - 2 * 16_384);
        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("0");
    }

    @Test
    void framesMayBeAsLargeAsThePeerAllows() {
        server.unary(text -> "x".repeat(40_000));
        ScriptedPeer peer = server.dial().handshake(new Frame.Settings().with(Setting.MAX_FRAME_SIZE, 1 << 20));

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "large"));

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(40_005);
    }

    // ---- back-pressure on handlers that write ----

    /** Limits.writeBufferHighWater: write() waits above it. */
    @Test
    void aWriterIsNeverMoreThanTheHighWaterMarkAheadOfTheWindow() {
        int highWater = 100;
        int message = 5 + 10;
        AtomicInteger written = new AtomicInteger();
        server.limits(limits -> limits.withWriteBufferHighWater(highWater)).watch((text, out) -> {
            for (int i = 0; i < 200; i++) {
                written.incrementAndGet();
                out.write("0123456789");
            }
        });
        ScriptedPeer peer = frugalPeer(0);
        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "all"));
        peer.expectHeaders(1);

        int received = 0;
        while (received < 200 * message) {
            peer.send(new Frame.WindowUpdate(1, 50));
            received += receive(peer, 1, 50);
            // The message that crosses the mark is taken, the one behind it is at the gate.
            assertThat(written.get()).isLessThanOrEqualTo((received + highWater) / message + 2);
        }

        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("0");
        assertThat(written.get()).isEqualTo(200);
    }

    @Test
    void aWriterThatWaitsHearsOfTheReset() {
        CompletableFuture<StatusCode> heard = new CompletableFuture<>();
        server.limits(limits -> limits.withWriteBufferHighWater(10)).watch((text, out) -> {
            try {
                while (true) {
                    out.write("0123456789");
                }
            } catch (StatusException end) {
                heard.complete(end.code());
                throw end;
            }
        });
        ScriptedPeer peer = frugalPeer(15);
        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "all"));
        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(15);

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(heard.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(StatusCode.CANCELLED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    /** Called when the last octets of one message leave, the handler sends another and closes. */
    @Test
    void whatIsWrittenWhenTheCallTurnsReadyStandsBeforeTheTrailers() {
        server.limits(limits -> limits.withWriteBufferHighWater(10));
        server.only(Texts.WATCH, ExecutionMode.EVENT_LOOP, call -> {
            call.request(1);
            return new ServerCall.Listener<String>() {
                @Override
                public void onHalfClose() {
                    call.send("first");
                }

                @Override
                public void onReady() {
                    call.send("second");
                    call.close(Status.OK, Metadata.EMPTY);
                }
            };
        });
        ScriptedPeer peer = frugalPeer(0);
        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "both"));
        peer.expectHeaders(1);

        peer.send(new Frame.WindowUpdate(1, 10));
        assertThat(peer.expectData(1)).isEqualTo(text(1, "first"));
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 11));

        assertThat(peer.expectData(1)).isEqualTo(text(1, "second"));
        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("0");
    }

    @Test
    void anEventLoopHandlerThatIsReadyAgainIsToldOnce() {
        AtomicInteger told = new AtomicInteger();
        server.limits(limits -> limits.withWriteBufferHighWater(10));
        server.only(Texts.WATCH, ExecutionMode.EVENT_LOOP, call -> {
            call.request(1);
            return new ServerCall.Listener<String>() {
                @Override
                public void onHalfClose() {
                    call.send("larger than the mark");
                    call.send("as large as the one before");
                    call.close(Status.OK, Metadata.EMPTY);
                }

                @Override
                public void onReady() {
                    told.incrementAndGet();
                }
            };
        });
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "both"));

        assertThat(texts(GrpcResponse.collect(peer, 1)))
                .containsExactly("larger than the mark", "as large as the one before");
        // All of it left at once, so there was no moment of not being ready.
        assertThat(told).hasValue(0);
    }

    // ---- props ----

    /** A peer whose streams start with this window and that gives nothing back by itself. */
    private ScriptedPeer frugalPeer(long initialWindow) {
        return server.dial()
                .withoutWindowUpdates()
                .handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, initialWindow));
    }

    /** Takes DATA until this many octets have come; says how many it were. */
    private static int receive(ScriptedPeer peer, int streamId, int octets) {
        int received = 0;
        while (received < octets) {
            received += peer.expectData(streamId).payload().length();
        }
        return received;
    }
}
