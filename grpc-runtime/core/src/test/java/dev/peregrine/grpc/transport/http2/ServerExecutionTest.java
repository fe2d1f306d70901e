// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.CHAT;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.TransportThread;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On which thread handlers run, what they may do there, and what passes between them and the event loop. */
@Timeout(60)
class ServerExecutionTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    // ---- threads ----

    @Test
    void aNonBlockingHandlerRunsOnTheEventLoop() {
        ScriptedPeer peer = server.nonBlocking()
                .unary(text -> String.valueOf(Thread.currentThread() instanceof TransportThread))
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "on the loop?"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("true");
    }

    @Test
    void otherHandlersRunElsewhere() {
        ScriptedPeer peer = server.unary(text -> String.valueOf(Thread.currentThread() instanceof TransportThread))
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "on the loop?"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("false");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void whereThereAreVirtualThreadsHandlersRunOnThem() {
        ScriptedPeer peer = server.unary(text -> String.valueOf(isVirtual())).greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "virtual?"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("true");
    }

    private static Object isVirtual() {
        try {
            return Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHandlerThatBlocksDoesNotHoldUpItsConnection() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        expectNextCallAnswered(peer, 3);

        sleeper.release();
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
    }

    // ---- nothing waits on the event loop ----

    @Test
    void aBlockingClientCallOnTheEventLoopIsRefused() {
        try (ManagedChannel channel = ManagedChannel.builder("127.0.0.1:1").build()) {
            CompletableFuture<Throwable> refusal = new CompletableFuture<>();
            ScriptedPeer peer = server.nonBlocking()
                    .unary(text -> {
                        try {
                            return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, text);
                        } catch (RuntimeException refused) {
                            refusal.complete(refused);
                            throw refused;
                        }
                    })
                    .greet();

            peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

            assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNKNOWN.value());
            assertThat(refusal.join())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("test.Texts/Unary")
                    .hasMessageContaining("event loop");
        }
    }

    @Test
    void aWriterThatWouldWaitOnTheEventLoopFails() {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        server.limits(limits -> limits.withWriteBufferHighWater(10))
                .nonBlocking()
                .watch((text, out) -> {
                    out.write("larger than the mark");
                    try {
                        out.write("one too many");
                    } catch (RuntimeException refused) {
                        refusal.complete(refused);
                        throw refused;
                    }
                });
        ScriptedPeer peer = server.dial().handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));

        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "all"));
        peer.send(new Frame.WindowUpdate(1, 1_000));

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNKNOWN.value());
        assertThat(refusal.join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing may wait; remove @NonBlocking, or use the async face");
    }

    // ---- the current call ----

    @Test
    void theCurrentCallIsKnownInsideTheHandlerOnly() throws Exception {
        CompletableFuture<CallContext> elsewhere = new CompletableFuture<>();
        ScriptedPeer peer = server.unary(text -> {
                    CallContext call = CallContext.current();
                    Thread other = new Thread(() -> elsewhere.complete(CallContext.currentOrNull()));
                    other.start();
                    elsewhere.join();
                    return call.method().fullName() + " from " + call.authority();
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("test.Texts/Unary from 127.0.0.1");
        assertThat(elsewhere.get()).isNull();
        assertThatThrownBy(CallContext::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no gRPC call is being answered on thread");
    }

    @Test
    void theCurrentCallDoesNotStayOnTheThread() {
        BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(10);
        server.builder().blockingExecutor(waiting::add);
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        assertThat(peer.pingBarrier()).isEmpty();

        waiting.remove().run(); // Here, on this thread.

        assertThat(CallContext.currentOrNull()).isNull();
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    // ---- order ----

    /** What another thread has sent is under way to the event loop while the loop itself sends the next. */
    @Test
    void whatTheEventLoopSendsDoesNotOvertakeWhatAnotherThreadHasSent() {
        server.only(Texts.CHAT, ExecutionMode.EVENT_LOOP, call -> {
            call.request(1);
            return new ServerCall.Listener<String>() {
                @Override
                public void onMessage(String request) {
                    CountDownLatch sent = new CountDownLatch(1);
                    new Thread(() -> {
                                call.send("first");
                                sent.countDown();
                            })
                            .start();
                    Sleeper.expect(sent, "the other thread to send");
                    call.send("second");
                    call.close(Status.OK, Metadata.EMPTY);
                }
            };
        });
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, CHAT), lastText(1, "go"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("first", "second");
    }

    @Test
    void aHandlerThatDoesNotHeedTheInterruptAnswersNobody() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        ScriptedPeer peer = server.unary(text -> {
                    if (text.equals("next")) {
                        return "re: next";
                    }
                    try {
                        sleeper.sleep(text);
                    } catch (IllegalStateException interrupted) {
                        Sleeper.expect(mayEnd, "the test to let the handler end");
                    }
                    ended.countDown();
                    return "nobody hears this";
                })
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));
        sleeper.expectInterrupted();

        mayEnd.countDown();

        Sleeper.expect(ended, "the handler to end");
        expectNextCallAnswered(peer, 3);
        assertThat(peer.pingBarrier()).isEmpty();
    }
}
