// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Cancellation;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.MessageSink;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.RequestHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that lives on the event loop, which is this thread here, and has messages that must not be unpacked on it. */
@Timeout(30)
class RunningCallTest {

    /** Unpacks to more than an event loop unpacks, or fails behind that. */
    private static final class Wide implements MessageEncoding {

        static final String CORRUPT = "corrupt";

        @Override
        public String name() {
            return "wide";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) {}

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) throws IOException {
            byte[] wide = new byte[20_000];
            out.write(wide, 0, wide.length);
            if (StandardCharsets.UTF_8.decode(compressed).toString().equals(CORRUPT)) {
                throw new IOException("no");
            }
        }
    }

    private final QuietStream stream = new QuietStream();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private class Heard implements ServerCall.Listener<String> {

        @Override
        public void onMessage(String text) {
            heard.add("message of " + text.length());
        }

        @Override
        public void onHalfClose() {
            heard.add("half-close");
        }

        @Override
        public void onReady() {
            heard.add("ready");
        }

        @Override
        public void onCancel(Status reason) {
            heard.add(reason.toString());
        }
    }

    private RunningCall<String, String> call(
            MethodDescriptor<String, String> method, Function<ServerCall<String, String>, Heard> listener) {
        return call(method, null, listener);
    }

    private RunningCall<String, String> call(
            MethodDescriptor<String, String> method,
            @Nullable SerialEvents events,
            Function<ServerCall<String, String>, Heard> listener) {
        RequestHeaders head = new RequestHeaders();
        head.add(GrpcHeaders.GRPC_ENCODING, "wide");
        MessageEncodings encodings = MessageEncodings.NONE.with(new Wide());
        RunningCall<String, String> call = new RunningCall<>(
                ServedMethod.of(
                        new ServerMethod<>(method, listener::apply, ExecutionMode.EVENT_LOOP),
                        MethodOptions.DEFAULT,
                        List.of(),
                        Runnable::run,
                        new CompressionPolicy(encodings, null, 4 << 20, 200)),
                head,
                stream,
                events,
                null);
        call.begin();
        return call;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private @Nullable String nextHeard() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void behindARequestThatCannotBeReadNothingIsHeardButTheCancellation() throws Exception {
        RunningCall<String, String> call = call(Texts.UPLOAD, unused -> new Heard());

        call.onMessage(bytes(Wide.CORRUPT), true);
        call.onMessage(bytes("small"), false);
        call.onHalfClosed();

        String reason = "INTERNAL: a message of 7 bytes cannot be unpacked by wide: no";
        assertThat(nextHeard()).isEqualTo(reason);
        assertThat(stream.said.poll(20, TimeUnit.SECONDS)).isEqualTo(reason);
        call.onClosed(null);
        CountDownLatch free = new CountDownLatch(1);
        if (call.isStillBusy(free::countDown)) {
            assertThat(free.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(heard).isEmpty();
        assertThat(stream.said).isEmpty();
    }

    @Test
    void aRequestThatComesWhileSomethingElseIsHeardWaitsForItsEnd() throws Exception {
        CountDownLatch message = new CountDownLatch(1);
        boolean[] overlap = new boolean[1];
        RunningCall<?, ?>[] itself = new RunningCall<?, ?>[1];
        RunningCall<String, String> call = call(Texts.CHAT, unused -> new Heard() {
            @Override
            public void onReady() {
                // As a stream does that has got a request, when the handler asks for it.
                itself[0].onMessage(bytes("large"), true);
                try {
                    overlap[0] = message.await(300, TimeUnit.MILLISECONDS);
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                heard.add("ready");
            }

            @Override
            public void onMessage(String text) {
                super.onMessage(text);
                message.countDown();
            }
        });
        itself[0] = call;

        call.onReady();

        assertThat(nextHeard()).isEqualTo("ready");
        assertThat(nextHeard()).isEqualTo("message of 20000");
        assertThat(overlap[0]).as("two events of a call at once").isFalse();
    }

    @Test
    void whatIsThrownWhereARequestIsHeardInsideAnotherEventIsNotTakenForAFullServer() throws Exception {
        RunningCall<?, ?>[] itself = new RunningCall<?, ?>[1];
        RunningCall<String, String> call = call(Texts.CHAT, unused -> new Heard() {
            @Override
            public void onReady() {
                itself[0].onMessage(bytes("small"), false);
            }

            @Override
            public void onMessage(String text) {
                throw new RejectedExecutionException("of an executor of the application");
            }
        });
        itself[0] = call;

        call.onReady();

        assertThat(stream.said.poll(20, TimeUnit.SECONDS)).startsWith("UNKNOWN: the service failed to answer");
    }

    @Test
    void behindTheEndNobodyIsToldThatMoreMayBeSent() {
        RunningCall<String, String> call = call(Texts.CHAT, unused -> new Heard());
        call.onClosed(Status.of(StatusCode.CANCELLED));
        call.onReady();

        assertThat(heard).containsExactly("CANCELLED");
    }

    @Test
    void whatAHandlerThrowsBehindTheEndIsNotWhyItsCallWasCancelled() {
        RunningCall<String, String> call = call(Texts.CHAT, unused -> new Heard());
        call.onClosed(Status.of(StatusCode.DEADLINE_EXCEEDED));
        call.fail(new IllegalStateException("interrupted"));

        assertThat(call.cancellation().reason()).hasToString("DEADLINE_EXCEEDED");
    }

    @Test
    void aHandlerThatLosesItsThreadsIsCancelled() {
        boolean[] full = new boolean[1];
        SerialEvents events = new SerialEvents(task -> {
            if (full[0]) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        });
        RunningCall<String, String> call = call(Texts.CHAT, events, unused -> new Heard());
        Cancellation cancellation = call.cancellation();
        full[0] = true;
        call.onMessage(bytes("a"), false);

        String reason = "RESOURCE_EXHAUSTED: the server has no thread free for this call; try again later";
        assertThat(stream.said).containsExactly(reason);
        assertThat(cancellation.reason()).hasToString(reason);
    }

    @Test
    void whatAHandlerComesToAfterAnInterceptorHasFailedItsCallIsNotLogged() {
        List<String> logged = new ArrayList<>();
        Handler ear = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(RunningCall.class.getName());
        logger.addHandler(ear);
        logger.setUseParentHandlers(false);
        try {
            RunningCall<String, String> call = call(Texts.CHAT, server -> new Heard() {
                @Override
                public void onMessage(String text) {
                    server.fail(new StatusException(StatusCode.INVALID_ARGUMENT, "as an interceptor finds"));
                    server.close(Status.OK, Metadata.EMPTY); // As a handler does that knows nothing of it.
                }
            });
            Cancellation cancellation = call.cancellation();

            call.onMessage(bytes("wrong"), false);

            assertThat(stream.said).containsExactly("INVALID_ARGUMENT: as an interceptor finds");
            assertThat(cancellation.reason()).hasToString("INVALID_ARGUMENT: as an interceptor finds");
            assertThat(logged).isEmpty();
        } finally {
            logger.removeHandler(ear);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void aCallerHearsHowManyThreadsThereAre() {
        SerialEvents events = new SerialEvents(task -> {
            throw new PoolFullException(200, 1000);
        });
        call(Texts.CHAT, events, unused -> new Heard());

        assertThat(stream.said)
                .containsExactly("RESOURCE_EXHAUSTED: the server has no thread free for this call: all 200 are at work,"
                        + " and 1000 calls wait for one; try again later");
    }
}
