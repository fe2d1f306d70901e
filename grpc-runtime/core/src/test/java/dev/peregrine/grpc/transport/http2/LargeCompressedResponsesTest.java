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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens while a large message of a handler that lives on the event loop is being compressed. */
@Timeout(60)
class LargeCompressedResponsesTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private ScriptedPeer peer;

    /** Makes an exclamation mark of every message, when it is told to. */
    private final class Slow implements MessageEncoding {

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) {
            try {
                assertThat(mayGoOn.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            out.write(new byte[] {'!'}, 0, 1);
        }

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) {}
    }

    /** The handler has sent a large response, and one behind it. */
    @BeforeEach
    void begin() throws InterruptedException {
        server.builder().encodings(encodings -> encodings.with(new Slow()));
        server.only(Texts.CHAT, ExecutionMode.EVENT_LOOP, this::answer);
        peer = server.greet();
        peer.send(GrpcFrames.request(1, TextsServer.CHAT).plus("grpc-accept-encoding", "slow"));
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("ready for more: false");
        peer.expectHeaders(1);
    }

    private ServerCall.Listener<String> answer(ServerCall<String, String> call) {
        call.context().setResponseCompression("slow");
        call.send("x".repeat(20_000));
        call.send("behind");
        heard.add("ready for more: " + call.isReady());
        return new ServerCall.Listener<>() {
            @Override
            public void onReady() {
                heard.add("ready on " + Thread.currentThread().getName().replaceAll("\\d+", "N"));
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
        mayGoOn.countDown();
    }

    @Test
    void theEventLoopGoesOnAndNothingOvertakesTheMessage() throws InterruptedException {
        assertThat(peer.pingBarrier()).isEmpty();

        mayGoOn.countDown();

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.messages())
                .containsExactly(
                        new GrpcMessage(true, Octets.utf8("!")), new GrpcMessage(false, Octets.utf8("behind")));
        assertThat(response.status()).isZero();
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("ready on grpc-loop-N");
    }

    @Test
    void aCancelIsHeardAtOnceAndWhatComesOutLaterIsDropped() throws InterruptedException {
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("CANCELLED");

        mayGoOn.countDown();

        peer.send(GrpcFrames.request(3, TextsServer.CHAT).plus("grpc-accept-encoding", "slow"));
        assertThat(GrpcResponse.collect(peer, 3).messages()).hasSize(2);
        assertThat(peer.pingBarrier()).noneMatch(frame -> frame.streamId() == 1);
    }
}
