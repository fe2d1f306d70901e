// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageSink;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Large messages that came together are unpacked one after the other, and the next ones are let in as slowly. */
@Timeout(60)
class LargeCompressedTurnsTest {

    private static final int LARGE = 20_000;

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Turns turns = new Turns();

    /** Unpacks one message for each permit, to nothing. */
    private static final class Turns implements MessageEncoding {

        final Semaphore begun = new Semaphore(0);
        final Semaphore permits = new Semaphore(0);

        @Override
        public String name() {
            return "turns";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) {}

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) {
            begun.release();
            take(permits);
        }
    }

    private static void take(Semaphore semaphore) {
        try {
            assertThat(semaphore.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @AfterEach
    void release() {
        turns.permits.release(1000);
    }

    @Test
    void messagesThatWaitTheirTurnAreNotGivenBackToThePeer() {
        server.builder().encodings(encodings -> encodings.with(turns));
        server.limits(limits -> limits.withWindows(65_535, 1 << 20))
                .only(Texts.CHAT, ExecutionMode.EVENT_LOOP, TurnsListener::of);
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, TextsServer.CHAT).plus("grpc-encoding", "turns"));
        for (int i = 0; i < 3; i++) {
            send(peer);
        }
        take(turns.begun);
        peer.pingBarrier();

        turns.permits.release();
        take(turns.begun); // The first is unpacked, the second is in hand, the third has to wait.

        int given = peer.pingBarrier(Frame.WindowUpdate.class).stream()
                .filter(update -> update.streamId() == 1)
                .mapToInt(Frame.WindowUpdate::increment)
                .sum();
        assertThat(given).isLessThanOrEqualTo(2 * (LARGE + 5));
    }

    private static void send(ScriptedPeer peer) {
        Octets message = new GrpcMessage(true, Octets.zeros(LARGE)).prefixed();
        peer.send(new Frame.Data(1, message.slice(0, 10_000), false));
        peer.send(new Frame.Data(1, message.slice(10_000, message.length()), false));
    }

    /** Wants everything, and does nothing with it. */
    private static final class TurnsListener implements ServerCall.Listener<String> {

        static ServerCall.Listener<String> of(ServerCall<String, String> call) {
            call.request(Integer.MAX_VALUE);
            return new TurnsListener();
        }
    }
}
