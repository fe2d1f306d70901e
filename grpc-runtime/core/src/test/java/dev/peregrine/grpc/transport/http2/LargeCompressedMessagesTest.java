// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageSink;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens while a large message is being unpacked for a handler that lives on the event loop. */
@Timeout(60)
class LargeCompressedMessagesTest {

    private static final int LARGE = 20_000;

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Slow slow = new Slow();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private ScriptedPeer peer;

    /** Unpacks nothing before it is told to, and then answers with the length. */
    private static final class Slow implements MessageEncoding {

        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayGoOn = new CountDownLatch(1);

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) {}

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) {
            begun.countDown();
            await(mayGoOn);
            byte[] length = Integer.toString(compressed.remaining()).getBytes(StandardCharsets.UTF_8);
            out.write(length, 0, length.length);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** The peer has sent a large message, and it is being unpacked. */
    @BeforeEach
    void begin() {
        server.builder().encodings(encodings -> encodings.with(slow));
        server.limits(limits -> limits.withWindows(65_535, 1 << 20))
                .only(Texts.CHAT, ExecutionMode.EVENT_LOOP, this::listen);
        peer = server.greet();
        peer.send(GrpcFrames.request(1, TextsServer.CHAT).plus("grpc-encoding", "slow"));
        send(LARGE, false);
        await(slow.begun);
        peer.pingBarrier();
    }

    private ServerCall.Listener<String> listen(ServerCall<String, String> call) {
        call.request(Integer.MAX_VALUE);
        return new ServerCall.Listener<>() {
            @Override
            public void onMessage(String text) {
                heard.add(text);
            }

            @Override
            public void onHalfClose() {
                call.send("done");
                call.close(Status.OK, Metadata.EMPTY);
            }

            @Override
            public void onCancel(Status reason) {
                heard.add(reason.code().name());
            }
        };
    }

    @AfterEach
    void release() {
        slow.mayGoOn.countDown();
    }

    private void send(int length, boolean last) {
        Octets message = new GrpcMessage(true, Octets.zeros(length)).prefixed();
        peer.send(new Frame.Data(1, message.slice(0, 10_000), false));
        peer.send(new Frame.Data(1, message.slice(10_000, message.length()), last));
    }

    @Test
    void theEventLoopGoesOn() {
        peer.send(GrpcFrames.request(3, TextsServer.UNARY));

        assertThat(GrpcResponse.collect(peer, 3).statusMessage())
                .hasValueSatisfying(said -> assertThat(said).startsWith("no method"));
    }

    @Test
    void thePeerIsHeldBackThoughEverythingWasAskedFor() {
        send(LARGE + 1, false);
        send(LARGE + 2, false);

        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).noneMatch(update -> update.streamId() == 1);
        assertThat(heard).isEmpty();

        slow.mayGoOn.countDown();
        assertThat(peer.expectWindowUpdate(1).increment()).isPositive();
        send(LARGE + 3, true);
        assertThat(GrpcResponse.collect(peer, 1).onlyMessage().utf8()).isEqualTo("done");
        assertThat(heard).containsExactly("20000", "20001", "20002", "20003");
    }

    @Test
    void smallMessagesBehindItWaitTheirTurn() {
        peer.send(TextsServer.text(1, "plain"), TextsServer.lastText(1, "and simple"));
        peer.pingBarrier();
        assertThat(heard).isEmpty();

        slow.mayGoOn.countDown();

        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        assertThat(heard).containsExactly("20000", "plain", "and simple");
    }

    @Test
    void aCancelIsHeardBehindTheMessageInHandAndTheOthersAreDropped() throws InterruptedException {
        send(LARGE + 1, false);
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));
        peer.pingBarrier();

        slow.mayGoOn.countDown();

        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("20000");
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("CANCELLED");
    }
}
