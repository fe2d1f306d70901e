// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * CVE-2019-9511, CVE-2019-9517: windows that are opened too far, or hardly at all. Bound: what a call may have
 * unsent, and calls.
 */
@Timeout(60)
class WindowAttackTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final CountDownLatch blocked = new CountDownLatch(1);

    @Test
    void moreDataThanAStreamsWindowCostsTheStream() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(1_024, 65_535))
                .upload(texts -> waitFor(blocked))
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD));

        peer.send(new Frame.Data(1, Octets.hex("00 00 00 ff ff").plus(Octets.zeros(1_020)), false));

        peer.expectRstStream(1, ErrorCode.FLOW_CONTROL_ERROR);
        blocked.countDown();
        expectNextCallAnswered(peer, 3);
    }

    /** Peer asks for much and lets nothing through; others are served. */
    @Test
    void aPeerThatOpensNoWindowHoldsItsOwnAnswersOnly() {
        AtomicInteger written = new AtomicInteger();
        server.limits(limits -> limits.withWriteBufferHighWater(1_000)).watch((text, out) -> {
            for (int i = 0; i < 1_000; i++) {
                out.write("x".repeat(100));
                written.incrementAndGet();
            }
        });
        ScriptedPeer greedy = server.dial().withoutWindowUpdates();
        greedy.handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));

        for (int streamId = 1; streamId < 20; streamId += 2) {
            greedy.send(GrpcFrames.request(streamId, WATCH), lastText(streamId, "hi"));
            greedy.expectHeaders(streamId);
        }

        expectNextCallAnswered(server.greet(), 1);
        assertThat(greedy.pingBarrier()).isEmpty();
        // Ten calls, each with 1000 octets unsent and one message more in hand.
        assertThat(written.get()).isLessThanOrEqualTo(10 * (1_000 / 105 + 2));
    }

    /** One octet at a time: every frame costs its sender a WINDOW_UPDATE of thirteen octets. */
    @Test
    void aPeerThatDribblesItsWindowGetsOneFrameForEachUpdate() {
        ScriptedPeer peer = server.dial().withoutWindowUpdates();
        peer.handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        peer.expectHeaders(1);

        for (int i = 0; i < 5; i++) {
            peer.send(new Frame.WindowUpdate(1, 1));
            assertThat(peer.expectData(1).payload().length()).isEqualTo(1);
            assertThat(peer.pingBarrier()).isEmpty();
        }
    }

    private static String waitFor(CountDownLatch event) {
        try {
            event.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException reset) {
            // The stream is gone, as it should be.
        }
        return "too late";
    }
}
