// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that end before their client or their handler expected it. */
@Timeout(60)
class ServerCallEndTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    // ---- the server ends first ----

    /**
     * RFC 9113, 8.1: a complete answer, then RST_STREAM with NO_ERROR, because the rest of the request is not needed.
     */
    @Test
    void aServerThatEndsFirstTellsTheClientToStop() {
        ScriptedPeer peer = server.upload(texts -> "enough").greet();

        peer.send(GrpcFrames.request(1, UPLOAD));

        peer.expectHeaders(1);
        assertThat(peer.expectData(1)).isEqualTo(text(1, "enough"));
        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, Header.list("grpc-status", "0"), true));
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
    }

    @Test
    void dataUnderWayWhenTheServerEndedIsDroppedAndItsWindowGivenBack() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(65_535, 65_535))
                .upload(texts -> "enough")
                .greet();

        peer.send(GrpcFrames.request(1, UPLOAD));
        GrpcResponse.collect(peer, 1);
        peer.expectRstStream(1, ErrorCode.NO_ERROR);

        peer.send(
                new Frame.Data(1, Octets.zeros(16_384), false),
                new Frame.Data(1, Octets.zeros(16_384), false),
                new Frame.Headers(1, Header.list("x-late", "1"), true));

        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(32_768);
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    // ---- nobody waits any more ----

    @Test
    void aResetInterruptsTheHandlerAndCancelsTheCall() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.CANCELLED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aLostConnectionInterruptsTheHandlerAndCancelsTheCall() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.reset();

        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void aReaderThatWaitsHearsOfTheReset() throws Exception {
        BlockingQueue<StatusCode> heard = new ArrayBlockingQueue<>(1);
        CountDownLatch started = new CountDownLatch(1);
        ScriptedPeer peer = server.upload(texts -> {
                    try {
                        texts.read();
                        started.countDown();
                        return texts.read();
                    } catch (StatusException end) {
                        heard.add(end.code());
                        throw end;
                    }
                })
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD), text(1, "first"));
        Sleeper.expect(started, "the first text to arrive");

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(StatusCode.CANCELLED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    /** An interrupt is for the call that was cancelled, not for whatever its thread does next. */
    @Test
    void anInterruptDoesNotOutliveItsCall() {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        server.builder()
                .blockingExecutor(task -> new Thread(() -> {
                            task.run();
                            interrupted.complete(Thread.currentThread().isInterrupted());
                        })
                        .start());
        ScriptedPeer peer = server.unary(text -> {
                    try {
                        return sleeper.sleep(text);
                    } catch (IllegalStateException told) {
                        Thread.currentThread().interrupt(); // As well-behaved code does.
                        throw told;
                    }
                })
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        sleeper.expectInterrupted();
        assertThat(interrupted.orTimeout(10, TimeUnit.SECONDS).join()).isFalse();
    }

    @Test
    void aDeadlineThatPassesIsAnsweredAndInterruptsTheHandler() {
        FakeClock clock = new FakeClock();
        server.builder().transport(clock.transport());
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "200m"), lastText(1, "hi"));
        sleeper.expectAsleep();

        clock.advance(Duration.ofMillis(200));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    /** The server's time is the client's: the rest of the request is not awaited either. */
    @Test
    void aDeadlineThatPassesDuringTheRequestEndsTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "1m"));

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        peer.send(lastText(1, "too late"));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aDeadlineIsKnownToTheHandler() {
        ScriptedPeer peer = server.unary(text -> {
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(
                            CallContext.current().deadline().remainingNanos());
                    return seconds > 3_000 && seconds <= 3_600 ? "an hour" : seconds + " s";
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "1H"), lastText(1, "how long?"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("an hour");
    }
}
