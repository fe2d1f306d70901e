// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113, 5.2 and 6.9: what our windows let through of what a client sends, and when it is given back. */
@Timeout(60)
class ServerReceivingTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void aHandlerThatDoesNotReadGivesNoWindowBack() {
        CountDownLatch mayRead = new CountDownLatch(1);
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(65_535, 65_535))
                .upload(texts -> {
                    Sleeper.expect(mayRead, "the test to let the handler read");
                    int octets = 0;
                    for (String text : texts) {
                        octets += text.length();
                    }
                    return octets + " octets";
                })
                .greet();

        peer.send(GrpcFrames.request(1, UPLOAD));
        for (int i = 0; i < 4; i++) {
            peer.send(text(1, "x".repeat(10_000)));
        }
        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).noneMatch(frame -> frame.streamId() == 1);

        mayRead.countDown();
        assertThat(peer.expectWindowUpdate(1).increment()).isGreaterThanOrEqualTo(65_535 / 2);
        peer.send(lastText(1, "x"));
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("40001 octets");
    }

    @Test
    void aCallThatNobodyReadsHoldsUpNoOther() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1 << 20, 65_535))
                .upload(texts -> sleeper.sleep("without reading"))
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD));

        sendUnread(peer, 40, 1);

        assertThat(peer.expectWindowUpdate(0).increment()).isGreaterThanOrEqualTo(65_535 / 2);
    }

    @Test
    void whatLiesUnreadBeyondSixteenWindowsHoldsTheConnectionUntilItIsGone() {
        ScriptedPeer peer = server.limits(
                        limits -> limits.withWindows(1 << 20, 65_535).withMaxWindow(0))
                .upload(texts -> sleeper.sleep("without reading"))
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD));
        peer.send(GrpcFrames.request(3, UPLOAD));
        sendUnread(peer, 54, 1, 3); // 1,080,540 octets; sixteen windows are 1,048,560.
        long told = peer.pingBarrier(Frame.WindowUpdate.class).stream()
                .filter(Frame.WindowUpdate.class::isInstance)
                .map(Frame.WindowUpdate.class::cast)
                .mapToLong(Frame.WindowUpdate::increment)
                .sum();
        assertThat(told).isLessThanOrEqualTo(16 * 65_535);

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(peer.expectWindowUpdate(0).increment()).isGreaterThanOrEqualTo(65_535 / 2);
    }

    @Test
    void aMessageLargerThanTheStreamsWindowArrivesWhole() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1_024, 65_535))
                .unary(text -> text.length() + " octets")
                .greet();
        peer.send(GrpcFrames.request(1, UNARY));

        sendWithinWindow(peer, 1, text(1, "x".repeat(10_000)).payload(), 1_024);
        peer.send(GrpcFrames.endOfMessages(1));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("10000 octets");
    }

    @Test
    void aMessageLargerThanTheConnectionsWindowArrivesWhole() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1 << 20, 65_535))
                .unary(text -> text.length() + " octets")
                .greet();
        peer.send(GrpcFrames.request(1, UNARY));
        Octets message = text(1, "x".repeat(200_000)).payload();

        int window = 65_535;
        int sent = 0;
        while (sent < message.length()) {
            if (window == 0) {
                window += peer.expectWindowUpdate(0).increment();
            }
            int count = Math.min(Math.min(window, 16_384), message.length() - sent);
            peer.send(new Frame.Data(1, message.slice(sent, sent + count), false));
            sent += count;
            window -= count;
        }
        peer.send(GrpcFrames.endOfMessages(1));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("200000 octets");
    }

    /** RFC 9113, 6.9.1: padding is flow-controlled; nobody reads it, so it is given back at once. */
    @Test
    void paddingIsGivenBackThoughNobodyReads() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1_024, 65_535))
                .upload(texts -> sleeper.sleep("without reading"))
                .greet();
        Octets prefixOf100 = Octets.hex("00 00 00 00 64");
        peer.send(GrpcFrames.request(1, UPLOAD));

        peer.send(new Frame.Data(1, prefixOf100, false, 256), new Frame.Data(1, Octets.zeros(1), false, 255));
        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).isEmpty();
        peer.send(new Frame.Data(1, Octets.zeros(1), false, 1));

        assertThat(peer.expectWindowUpdate(1).increment()).isEqualTo(256 + 255 + 1);
    }

    @Test
    void whatABrokenRequestTookIsGivenBackToTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withWindows(65_535, 65_535)).greet();
        int each = 5 + 11 + 256;

        for (int i = 0; i < 120; i++) {
            Octets broken = Octets.hex("02 00 00 00 00").plus(Octets.zeros(11));
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY), new Frame.Data(1 + 2 * i, broken, true, 256));
            assertThat(GrpcResponse.collect(peer, 1 + 2 * i).status()).isEqualTo(StatusCode.INTERNAL.value());
        }
        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).isEmpty();
        peer.send(GrpcFrames.request(301, UNARY), lastText(301, "x".repeat(200)));

        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(120 * each + 205);
    }

    // ---- props ----

    private static void sendWithinWindow(ScriptedPeer peer, int streamId, Octets octets, int window) {
        int left = window;
        int sent = 0;
        while (sent < octets.length()) {
            if (left == 0) {
                left += peer.expectWindowUpdate(streamId).increment();
            }
            int count = Math.min(left, octets.length() - sent);
            peer.send(new Frame.Data(streamId, octets.slice(sent, sent + count), false));
            sent += count;
            left -= count;
        }
    }

    /** This many messages of 10,005 octets on each of the streams, in turn. */
    private static void sendUnread(ScriptedPeer peer, int messages, int... streamIds) {
        for (int i = 0; i < messages; i++) {
            for (int streamId : streamIds) {
                peer.send(text(streamId, "x".repeat(10_000)));
            }
        }
    }
}
