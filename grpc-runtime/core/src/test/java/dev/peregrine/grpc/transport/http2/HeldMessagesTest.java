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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Small messages that unpack to large ones: several may come at once for a handler that lives on the event loop. */
@Timeout(60)
class HeldMessagesTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Bomb bomb = new Bomb();

    /** Unpacks to more than an event loop unpacks; elsewhere as often as it may. */
    private static final class Bomb implements MessageEncoding {

        final AtomicInteger taken = new AtomicInteger();
        final Semaphore begun = new Semaphore(0);
        final Semaphore mayGoOn = new Semaphore(0);

        @Override
        public String name() {
            return "bomb";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) {}

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) {
            boolean elsewhere = Thread.currentThread().getName().startsWith("grpc-codec");
            if (elsewhere) {
                begun.release();
                acquire(mayGoOn);
            } else {
                taken.incrementAndGet();
            }
            out.write(new byte[20_000], 0, 20_000);
        }
    }

    private static void acquire(Semaphore semaphore) {
        try {
            assertThat(semaphore.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @AfterEach
    void release() {
        bomb.mayGoOn.release(1_000);
    }

    @Test
    void oneIsTakenAfterTheOther_AlsoOfThoseThatCameAtOnce() {
        server.builder().encodings(encodings -> encodings.with(bomb));
        server.only(Texts.CHAT, ExecutionMode.EVENT_LOOP, call -> {
            call.request(Integer.MAX_VALUE);
            return new ServerCall.Listener<>() {};
        });
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, TextsServer.CHAT).plus("grpc-encoding", "bomb"));
        Octets message = new GrpcMessage(true, Octets.zeros(10)).prefixed();
        peer.send(new Frame.Data(1, message.plus(message).plus(message), false));
        acquire(bomb.begun);
        peer.pingBarrier(); // The first may be at work elsewhere before the others would be taken.
        assertThat(bomb.taken).hasValue(1);

        bomb.mayGoOn.release();
        acquire(bomb.begun); // The first is done with, the second is not.
        peer.send(new Frame.Data(1, message, false));
        peer.pingBarrier();
        assertThat(bomb.taken).hasValue(2);

        bomb.mayGoOn.release(2);
        acquire(bomb.begun);
        acquire(bomb.begun); // The fourth.
        assertThat(bomb.taken).hasValue(4);
    }
}
