// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one connection may cost a server: threads, and memory in both directions. */
@Timeout(60)
class ServerAccountsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    // ---- requests that are there, and do not end ----

    /** No handler sees them before their callers have half-closed: till then they are nobody's but ours. */
    @Test
    void requestsThatNeverEndHoldTheirSenderBackBeforeTheyAreTooMany() {
        int account = 1 << 17;
        ScriptedPeer peer = server.limits(
                        limits -> limits.withMaxBufferedBytes(account).withMaxWindow(Integer.MAX_VALUE))
                .greet();
        Frame.Data large = text(1, "x".repeat(14_995));
        long window = 65_535;
        int calls = 0;
        while (window >= 15_000) {
            assertThat(calls).isLessThan(100);
            int stream = 1 + 2 * calls++;
            peer.send(GrpcFrames.request(stream, UNARY), new Frame.Data(stream, large.payload(), false));
            window -= 15_000;
            for (Frame.WindowUpdate update : peer.pingBarrier(Frame.WindowUpdate.class)) {
                window += update.streamId() == 0 ? update.increment() : 0;
            }
        }

        assertThat(calls * 15_000).isBetween(account / 2, account);
        for (int stream = 1; stream < 2 * calls; stream += 2) {
            peer.send(new Frame.Data(stream, Octets.EMPTY, true));
            assertThat(GrpcResponse.collect(peer, stream).status()).isZero();
        }
    }

    /** Nor does the window stay shut that the rest of a message needs. */
    @Test
    void aRequestLargerThanTheWindowStillComesThrough() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withWindows(65_535, 65_535)).greet();
        String large = "x".repeat(100_000);
        Octets message = text(1, large).payload();
        peer.send(GrpcFrames.request(1, UNARY));
        for (int at = 0; at < message.length(); at += 10_000) {
            if (at == 50_000) {
                peer.expectWindowUpdate(1);
            }
            peer.send(new Frame.Data(1, message.slice(at, Math.min(message.length(), at + 10_000)), false));
        }
        assertThat(peer.pingBarrier(Frame.Headers.class)).isEmpty();

        peer.send(new Frame.Data(1, Octets.EMPTY, true));

        assertThat(GrpcResponse.collect(peer, 1).onlyMessage().utf8()).isEqualTo("re: " + large);
    }

    // ---- threads ----

    private final Semaphore asleep = new Semaphore(0);
    private final CountDownLatch released = new CountDownLatch(1);

    /** A handler that does not heed interrupts. */
    private String stubborn(String text) {
        asleep.release();
        boolean interrupted = false;
        while (true) {
            try {
                assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
                break;
            } catch (InterruptedException told) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return text;
    }

    private void expectAsleep() throws InterruptedException {
        assertThat(asleep.tryAcquire(10, TimeUnit.SECONDS)).as("a handler runs").isTrue();
    }

    private ScriptedPeer stubbornCallsUpTo(int calls) {
        return server.limits(limits -> limits.withMaxConcurrentCalls(calls))
                .unary(text -> text.equals("next") ? "re: next" : stubborn(text))
                .greet();
    }

    @Test
    void aCallThatWasResetCountsUntilItsHandlerHasLeft() throws Exception {
        ScriptedPeer peer = stubbornCallsUpTo(1);
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        expectAsleep();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));
        peer.send(GrpcFrames.request(3, UNARY), lastText(3, "next"));

        peer.expectRstStream(3, ErrorCode.REFUSED_STREAM);
        released.countDown();
        expectAnsweredSoon(peer, 5);
    }

    @Test
    void aCallWhoseDeadlinePassedCountsUntilItsHandlerHasLeft() throws Exception {
        FakeClock clock = new FakeClock();
        server.builder().transport(clock.transport());
        ScriptedPeer peer = stubbornCallsUpTo(1);
        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "200m"), lastText(1, "hi"));
        expectAsleep();
        clock.advance(Duration.ofMillis(200));
        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());

        peer.send(GrpcFrames.request(3, UNARY), lastText(3, "next"));

        peer.expectRstStream(3, ErrorCode.REFUSED_STREAM);
        released.countDown();
        expectAnsweredSoon(peer, 5);
    }

    @Test
    void aCallThatItsCallerBrokeCountsUntilItsHandlerHasLeft() throws Exception {
        ScriptedPeer peer = server.limits(limits -> limits.withMaxConcurrentCalls(1))
                .upload(texts -> stubborn("late"))
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD));
        expectAsleep();

        peer.send(text(1, Texts.BROKEN), new Frame.Data(1, Octets.of((byte) 9, (byte) 9), true));
        peer.expectHeaders(1);
        peer.send(GrpcFrames.request(3, UNARY), lastText(3, "next"));

        peer.expectRstStream(3, ErrorCode.REFUSED_STREAM);
        released.countDown();
        expectAnsweredSoon(peer, 5);
    }

    @Test
    void callsThatAreRefusedForWorkLeftOverDoNotCountAsResets() throws Exception {
        server.limits(limits -> limits.withMaxResetsPerWindow(2));
        ScriptedPeer peer = stubbornCallsUpTo(1);
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        expectAsleep();
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        for (int stream = 3; stream < 23; stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY), lastText(stream, "next"));
            peer.expectRstStream(stream, ErrorCode.REFUSED_STREAM);
        }

        released.countDown();
        expectAnsweredSoon(peer, 23);
    }

    /** The handler tells from its own thread that it has left; until that is heard, calls are refused. */
    private static void expectAnsweredSoon(ScriptedPeer peer, int firstStream) {
        for (int stream = firstStream; ; stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY), lastText(stream, "next"));
            Frame answer = peer.expectOn(stream);
            if (answer instanceof Frame.Headers) {
                assertThat(peer.expectData(stream).payload().utf8()).endsWith("re: next");
                return;
            }
            assertThat(answer).isEqualTo(new Frame.RstStream(stream, ErrorCode.REFUSED_STREAM));
            assertThat(stream).as("calls refused since").isLessThan(firstStream + 100_000);
        }
    }

    // ---- memory, inbound ----

    private static Frame.Data start(int streamId, int messageLength, int bytes) {
        byte[] prefix = {
            0,
            (byte) (messageLength >>> 24),
            (byte) (messageLength >>> 16),
            (byte) (messageLength >>> 8),
            (byte) messageLength
        };
        return new Frame.Data(streamId, Octets.of(prefix).plus(Octets.of(new byte[bytes - prefix.length])), false);
    }

    @Test
    void theCallWhoseUnfinishedMessageIsOneTooManyForTheConnectionEndsAndTheOthersGoOn() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxBufferedBytes(65_536)).greet();
        int stream = 1;
        for (int held = 0; held + 16_000 <= 65_536; held += 16_000, stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY), start(stream, 100_000, 16_000));
        }
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(GrpcFrames.request(stream, UNARY), start(stream, 100_000, 16_000));

        GrpcResponse refused = GrpcResponse.collect(peer, stream);
        assertThat(refused.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        assertThat(refused.statusMessage().orElseThrow()).contains("more than 65536 bytes", "maxBufferedBytes");
        peer.expectRstStream(stream, ErrorCode.NO_ERROR);
        expectNextCallAnswered(peer, stream + 2);
    }

    /** Nobody tells a client how much lies with us already. */
    @Test
    void callsThatAreOneTooManyForTheConnectionAreNotHeldAgainstTheClient() {
        ScriptedPeer peer = server.outOfTime()
                .limits(limits -> limits.withMaxBufferedBytes(65_536).withMaxResetsPerWindow(3))
                .greet();
        int stream = 1;
        for (int held = 0; held + 16_000 <= 65_536; held += 16_000, stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY), start(stream, 100_000, 16_000));
        }

        for (int i = 0; i < 5; i++, stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY), start(stream, 100_000, 16_000));
            assertThat(GrpcResponse.collect(peer, stream).status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
            peer.expectRstStream(stream, ErrorCode.NO_ERROR);
        }

        expectNextCallAnswered(peer, stream);
    }

    @Test
    void whatEndedCallsHeldIsFreeForOthers() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxBufferedBytes(65_536)).greet();

        for (int stream = 1; stream < 41; stream += 2) {
            peer.send(GrpcFrames.request(stream, UNARY), start(stream, 100_000, 16_000));
            peer.send(new Frame.RstStream(stream, ErrorCode.CANCEL));
        }

        expectNextCallAnswered(peer, 41);
    }

    // ---- memory, outbound ----

    /** A peer whose windows are shut until it opens them. */
    private ScriptedPeer slowReader() {
        return server.limits(limits -> limits.withMaxBufferedBytes(65_536))
                .dial()
                .withoutWindowUpdates()
                .handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));
    }

    /** Takes what there is of an answer until its trailers have come. */
    private static GrpcResponse fetch(ScriptedPeer peer, int streamId) {
        peer.send(new Frame.WindowUpdate(streamId, 200_000), new Frame.WindowUpdate(0, 200_000));
        return GrpcResponse.collect(peer, streamId);
    }

    @Test
    void whoLeavesHalfOfWhatMayWaitUnreadIsRefusedNewCallsUntilItReads() {
        String large = "x".repeat(33_000);
        server.nonBlocking().unary(text -> text.equals("next") ? "re: next" : large);
        ScriptedPeer peer = slowReader();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "large"));
        peer.expectHeaders(1);

        peer.send(GrpcFrames.request(3, UNARY), lastText(3, "next"));

        peer.expectRstStream(3, ErrorCode.REFUSED_STREAM);
        peer.send(new Frame.WindowUpdate(1, 100_000));
        int received = 0;
        while (received < 33_005) {
            received += peer.expectData(1).payload().length();
        }
        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "next"), new Frame.WindowUpdate(5, 1000));
        assertThat(texts(GrpcResponse.collect(peer, 5))).containsExactly("re: next");
    }

    /** They were accepted when little waited, and answered all at once: a bound on new calls does not bound those. */
    @Test
    void theAnswerThatIsOneTooManyForTheConnectionIsDroppedAndItsCallerHears() throws Exception {
        server.unary(text -> {
            stubborn(text);
            return "x".repeat(9_995);
        });
        ScriptedPeer peer = slowReader();
        int calls = 10;
        for (int i = 0; i < calls; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY), lastText(1 + 2 * i, "large"));
        }
        for (int i = 0; i < calls; i++) {
            expectAsleep();
        }

        released.countDown();

        int fit = 65_536 / 10_000;
        List<Integer> dropped = new ArrayList<>();
        while (dropped.size() < calls - fit) {
            Frame.Headers headers = peer.expect(Frame.Headers.class);
            if (headers.first("grpc-status").isPresent()) {
                assertThat(headers.first("grpc-status")).contains("8");
                assertThat(headers.first("grpc-message").orElseThrow())
                        .startsWith("the client leaves 60000 bytes of answers unread on this connection")
                        .contains("more than 65536", "maxBufferedBytes");
                dropped.add(headers.streamId());
            }
        }
        assertThat(peer.pingBarrier(Frame.Headers.class)).isEmpty();
        for (int stream = 1; stream < 1 + 2 * calls; stream += 2) {
            if (!dropped.contains(stream)) {
                peer.send(new Frame.WindowUpdate(stream, 10_000));
                assertThat(peer.expectData(stream).payload().length()).isEqualTo(10_000);
                assertThat(peer.expectHeaders(stream).first("grpc-status")).contains("0");
            }
        }
    }

    /** Those who write by the mark wait long before; nobody makes a handler look at it. */
    @Test
    void aHandlerThatWritesWithoutWaitingLosesItsCallAtTheSameBound() {
        CompletableFuture<Status> heard = new CompletableFuture<>();
        server.only(Texts.WATCH, ExecutionMode.EVENT_LOOP, call -> {
            call.request(1);
            return new ServerCall.Listener<String>() {
                @Override
                public void onHalfClose() {
                    for (int i = 0; i < 10; i++) {
                        call.send("x".repeat(9_995));
                    }
                }

                @Override
                public void onCancel(Status reason) {
                    heard.complete(reason);
                }
            };
        });
        ScriptedPeer peer = slowReader();

        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "all"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        assertThat(response.messages()).isEmpty();
        assertThat(heard.orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void anAnswerLargerThanAllThatMayWaitIsFetchedIfItIsAlone() {
        server.nonBlocking().unary(text -> "x".repeat(100_000));
        ScriptedPeer peer = slowReader();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "large"));

        GrpcResponse response = fetch(peer, 1);

        assertThat(response.status()).isZero();
        assertThat(response.onlyMessage().length()).isEqualTo(100_000);
    }

    @Test
    void whatADroppedAnswerHeldIsFreeForOthers() {
        String large = "x".repeat(40_000);
        ScriptedPeer peer = server.limits(limits -> limits.withMaxBufferedBytes(65_536))
                .nonBlocking()
                .watch((text, out) -> out.write(large))
                .dial()
                .withoutWindowUpdates()
                .handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));

        for (int stream = 1; stream < 21; stream += 2) {
            peer.send(GrpcFrames.request(stream, WATCH), lastText(stream, "large"));
            peer.expectHeaders(stream);
            peer.send(new Frame.RstStream(stream, ErrorCode.CANCEL));
        }

        peer.send(GrpcFrames.request(21, UNARY), lastText(21, "next"), new Frame.WindowUpdate(21, 1000));
        assertThat(texts(GrpcResponse.collect(peer, 21))).containsExactly("re: next");
    }
}
