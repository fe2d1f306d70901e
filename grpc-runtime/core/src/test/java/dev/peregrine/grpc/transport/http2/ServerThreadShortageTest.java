// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of calls for which there is no thread, or which end before they get one. */
@Timeout(60)
class ServerThreadShortageTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @ParameterizedTest
    @CsvSource({"/test.Texts/Unary", "/test.Texts/Watch", "/test.Texts/Upload", "/test.Texts/Chat"})
    void aCallForWhichThereIsNoThreadIsResourceExhausted(String path) {
        ThreadPoolExecutor oneThread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        try {
            server.builder().blockingExecutor(oneThread);
            ScriptedPeer peer = server.unary(sleeper::sleep).greet();
            peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
            sleeper.expectAsleep();

            peer.send(GrpcFrames.request(3, path), lastText(3, "me too"));

            GrpcResponse refused = GrpcResponse.collect(peer, 3);
            assertThat(refused.isTrailersOnly()).isTrue();
            assertThat(refused.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
            assertThat(refused.statusMessage())
                    .contains("the server has no thread free for this call; try again later");
            sleeper.release();
            assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        } finally {
            oneThread.shutdown();
        }
    }

    /** Requests from 64 KiB on are decoded by their handler, so their bytes wait for it. */
    @Test
    void aLargeRequestForWhichThereIsNoThreadIsReleased() {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        server.builder().blockingExecutor(full);
        ScriptedPeer peer = server.greet();

        sendLarge(peer, 1, true);

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
    }

    @Test
    void aLargeRequestThatIsNotFinishedIsReleased() {
        ScriptedPeer peer = server.greet();
        sendLarge(peer, 1, false);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aLargeRequestWhoseCallerHasGoneIsReleased() {
        BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(10);
        server.builder().blockingExecutor(waiting::add);
        AtomicBoolean ran = new AtomicBoolean();
        ScriptedPeer peer = server.unary(text -> {
                    ran.set(true);
                    return text;
                })
                .greet();
        sendLarge(peer, 1, true);
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));
        assertThat(peer.pingBarrier()).isEmpty();

        waiting.forEach(Runnable::run);

        assertThat(ran).isFalse();
    }

    @Test
    void aStreamWhoseCallerHasGoneIsNotBegun() {
        BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(10);
        server.builder().blockingExecutor(waiting::add);
        AtomicBoolean ran = new AtomicBoolean();
        ScriptedPeer peer = server.upload(texts -> {
                    ran.set(true);
                    return "done";
                })
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD), new Frame.RstStream(1, ErrorCode.CANCEL));
        assertThat(peer.pingBarrier()).isEmpty();

        waiting.forEach(Runnable::run);

        assertThat(ran).isFalse();
    }

    private static void sendLarge(ScriptedPeer peer, int streamId, boolean ended) {
        Octets message = text(streamId, "x".repeat(100_000)).payload();
        peer.send(GrpcFrames.request(streamId, UNARY));
        for (int start = 0; start < message.length(); start += 16_384) {
            int end = Math.min(message.length(), start + 16_384);
            peer.send(new Frame.Data(streamId, message.slice(start, end), ended && end == message.length()));
        }
    }
}
