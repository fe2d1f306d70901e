// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.MessageSink;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.Resend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener hears, and when; the thread of the connection is this one. */
@Timeout(30)
class ListenedCallTest {

    private static final SocketAddress ADDRESS = InetSocketAddress.createUnresolved("first", 80);

    /** Unpacks to more than an event loop unpacks. */
    private static final MessageEncoding WIDE = new MessageEncoding() {
        @Override
        public String name() {
            return "wide";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) {}

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) {
            out.write(new byte[20_000], 0, 20_000);
        }
    };

    private final FakeTransport transport = new FakeTransport();
    private final Subchannel subchannel = new Subchannel(
            new Target.Host("host", 80),
            target -> CompletableFuture.completedFuture(List.of(ADDRESS)),
            transport,
            new Backoff(Duration.ofSeconds(1), () -> 0.5),
            Limits.DEFAULT);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private class Heard implements ClientCall.Listener<String> {

        @Override
        public void onMessage(String response) {
            heard.add("message of " + response.length());
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            heard.add(status.toString());
        }
    }

    /** A call that is open, seen by the transport. */
    private FakeTransport.FakeStream open(CallOptions options, Heard listener) {
        return open(call(options), listener);
    }

    private ClientCall<String, String> call(CallOptions options) {
        CompressionPolicy policy = new CompressionPolicy(MessageEncodings.NONE.with(WIDE), null, 4 << 20, 200);
        return new OutgoingCall<>(Texts.CHAT, options, "host:80", subchannel, policy, null);
    }

    private FakeTransport.FakeStream open(ClientCall<String, String> call, Heard listener) {
        subchannel.connect();
        transport.run();
        transport.lastAttempt().ready();
        call.start(listener, Metadata.EMPTY);
        return transport.lastAttempt().stream(0);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    @Test
    void aListenerThatHasFailedHearsNothingButAnEndThatIsNotOk() {
        Deque<Runnable> executor = new ArrayDeque<>();
        FakeTransport.FakeStream stream = open(CallOptions.DEFAULT.withExecutor(executor::add), new Heard() {
            @Override
            public void onMessage(String response) {
                super.onMessage(response);
                throw new IllegalStateException("a bug");
            }
        });
        stream.listener.onHeaders(Metadata.EMPTY);
        stream.listener.onMessage(bytes("a"), false);
        stream.listener.onMessage(bytes("b"), false);
        stream.listener.onClosed(Status.OK, Metadata.EMPTY, Resend.NEVER); // All of it before the executor gets to it.

        executor.remove().run();

        assertThat(heard).containsExactly("message of 1", "CANCELLED: a listener failed");
    }

    @Test
    void aCallIsNotOkIfAResponseWasDroppedBecauseItWasCancelled() {
        Deque<Runnable> executor = new ArrayDeque<>();
        ClientCall<String, String> call = call(CallOptions.DEFAULT.withExecutor(executor::add));
        FakeTransport.FakeStream stream = open(call, new Heard());
        stream.listener.onEncoding("wide");
        stream.listener.onHeaders(Metadata.EMPTY);
        stream.listener.onMessage(bytes("large"), true);
        stream.listener.onMessage(bytes("b"), false);
        stream.listener.onClosed(Status.OK, Metadata.EMPTY, Resend.NEVER);
        call.cancel("enough", null);

        executor.remove().run();

        assertThat(heard).containsExactly("CANCELLED: enough");
    }

    @Test
    void aResponseThatComesWhileSomethingElseIsHeardWaitsForItsEnd() throws Exception {
        FakeTransport.FakeStream[] itself = new FakeTransport.FakeStream[1];
        CountDownLatch message = new CountDownLatch(1);
        boolean[] overlap = new boolean[1];
        FakeTransport.FakeStream stream = open(CallOptions.DEFAULT, new Heard() {
            @Override
            public void onReady() {
                // As a stream does that has got a response, when the listener asks for it.
                itself[0].listener.onMessage(bytes("large"), true);
                try {
                    overlap[0] = message.await(300, TimeUnit.MILLISECONDS);
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                heard.add("ready");
            }

            @Override
            public void onMessage(String response) {
                super.onMessage(response);
                message.countDown();
            }
        });
        itself[0] = stream;
        stream.listener.onEncoding("wide");
        stream.listener.onHeaders(Metadata.EMPTY);

        stream.listener.onReady();

        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("ready");
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("message of 20000");
        assertThat(overlap[0]).as("two events of a call at once").isFalse();
    }
}
