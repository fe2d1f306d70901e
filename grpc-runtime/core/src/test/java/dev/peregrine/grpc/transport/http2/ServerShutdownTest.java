// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server that shuts down owes its clients. */
@Timeout(60)
class ServerShutdownTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    /**
     * RFC 9113, 6.8: the first GOAWAY warns, the second, a round trip later, names the last call. Those in between are
     * answered, those behind are not.
     */
    @Test
    void aGracefulShutdownAnswersWhatWasUnderWay() throws Exception {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .dial()
                .withoutPingAck()
                .handshake();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMinutes(1));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(Integer.MAX_VALUE);
        Frame.Ping ping = peer.expect(Frame.Ping.class);
        expectNextCallAnswered(peer, 3);
        peer.send(new Frame.Ping(true, ping.payload()));
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(3);
        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "too late"));
        peer.send(GrpcFrames.request(7, UNARY));
        peer.send(lastText(7, "too late"));
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(terminated.toCompletableFuture()).isNotDone();
        sleeper.release();

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
        // The last GOAWAY says it once more, as the last word of every connection.
        assertThat(peer.expectClosed()).allMatch(Frame.GoAway.class::isInstance);
        peer.close();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The system may take a moment to close the port; who comes within it is hung up on without a word. */
    @Test
    void aShutdownStopsListeningAtOnce() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        int port = server.server().port();

        server.server().shutdown(Duration.ofMinutes(1));

        while (isTaken(port)) {
            assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
        }
        sleeper.release();
        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
    }

    private static boolean isTaken(int port) {
        try (Socket late = new Socket("127.0.0.1", port)) {
            late.setSoTimeout(10_000);
            assertThat(late.getInputStream().read()).isEqualTo(-1);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void aConnectionWithoutCallsClosesWhenTheClientHasHeard() throws Exception {
        ScriptedPeer peer = server.greet();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMinutes(1));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(Integer.MAX_VALUE);
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isZero();
        assertThat(peer.expectClosed()).isEmpty();
        peer.close();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theLastAnswerOfAShutdownArrivesWhole() {
        String large = "x".repeat(8 << 20);
        server.unary(text -> {
            server.server().shutdown(Duration.ofMinutes(1));
            return large;
        });
        ScriptedPeer peer = server.dial().handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 1 << 30));
        peer.send(new Frame.WindowUpdate(0, 1 << 30));

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "go"));
        peer.expectHeaders(1);
        int octets = 0;
        while (octets < 5 + large.length()) {
            octets += peer.expectData(1).payload().length();
        }

        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, Header.list("grpc-status", "0"), true));
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectClosed();
    }

    @Test
    void callsThatOutliveTheGraceHearUnavailable() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMillis(300));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.UNAVAILABLE);
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.expectClosed();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aForcedShutdownAnswersUnavailableAndCloses() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        CompletionStage<Void> terminated = server.server().shutdown(Duration.ZERO);

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).lastStreamId()).isEqualTo(1);
        assertThat(peer.expectClosed()).isEmpty();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aGracefulShutdownCanBeForcedLater() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        CompletionStage<Void> terminated = server.server().shutdown(Duration.ofMinutes(1));
        peer.expectGoAway(ErrorCode.NO_ERROR);

        server.server().shutdown(Duration.ZERO);

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNAVAILABLE.value());
        peer.expectClosed();
        terminated.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aShutdownDoesNotWaitForConnectionsThatSaidNothing() throws Exception {
        ScriptedPeer silent = server.dial();
        ScriptedPeer peer = server.greet();

        server.server().shutdown(Duration.ofMillis(100));

        // Nothing at all, if the silent one's event loop had not met it yet.
        assertThat(silent.expectClosed()).allMatch(Frame.GoAway.class::isInstance);
        peer.expectClosed();
    }
}
