// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a channel is closed, and what becomes of its calls. */
@Timeout(30)
class ClientShutdownTest {

    private static final CallOptions WAITING = CallOptions.DEFAULT.withWaitForReady(true);

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void aShutdownWaitsForTheCallsThatAreOpen() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        CompletableFuture<Void> shutdown = script.channel().shutdown().toCompletableFuture();
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(shutdown).isNotDone();

        peer.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        answerTo(shutdown);
    }

    @Test
    void aShutdownWaitsForTheCallsThatTheServerHasNotTakenYet() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 1));
        CompletableFuture<String> first = script.unary("1");
        CompletableFuture<String> second = script.unary("2");
        GrpcRequest.collect(peer);
        CompletableFuture<Void> shutdown = script.channel().shutdown().toCompletableFuture();
        assertThat(failureOf(script.unary("late")).code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("2");
        assertThat(shutdown).isNotDone();
        peer.send(answer(3, "b"));
        assertThat(answerTo(second)).isEqualTo("b");
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        answerTo(shutdown);
    }

    @Test
    void aShutdownWaitsForTheCallsThatWaitForAConnection() {
        CompletableFuture<String> call = script.unary("hi");
        CompletableFuture<Void> shutdown = script.channel().shutdown().toCompletableFuture();
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.SHUTDOWN);

        ScriptedPeer peer = script.accept();
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        answerTo(shutdown);
    }

    @Test
    void cancellingTheLastCallThatTheServerHasNotTakenEndsTheShutdown() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 0));
        HeardCall call = script.start(Texts.CHAT);
        assertThat(peer.pingBarrier()).isEmpty();
        CompletableFuture<Void> shutdown = script.channel().shutdown().toCompletableFuture();
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(shutdown).isNotDone();
        call.cancel("enough", null);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        answerTo(shutdown);
    }

    @Test
    void closingEndsTheCallsThatAreOpenAndTellsTheServer() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        script.channel().close();

        assertThat(failureOf(call).status().toString())
                .isEqualTo("CANCELLED: the channel to " + script.channel().authority() + " was closed");
        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void closingDoesNotWaitForAServerThatSaysNothing() {
        CompletableFuture<String> call = script.unary(WAITING, "hi");
        script.listener().accept();
        script.channel().close(); // The handshake may take 20 s, this test may not.

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNAVAILABLE: the channel to " + script.channel().authority() + " is shut down");
    }

    @Test
    void aClosedChannelCanBeClosedAgain() {
        script.connected();
        script.channel().close();

        script.channel().close();
        answerTo(script.channel().shutdown());
        script.channel().connect();
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void aChannelThatNeverConnectedCanBeClosed() {
        script.channel().close();

        assertThat(script.channel().state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void callsOnAClosedChannelAreUnavailable() {
        script.channel().close();

        assertThat(failureOf(script.unary("hi")).status().toString())
                .isEqualTo("UNAVAILABLE: the channel to " + script.channel().authority() + " is shut down");
        assertThat(script.start(Texts.CHAT).next()).startsWith("UNAVAILABLE: ");
    }

    @Test
    void callsOnAChannelThatShutsDownAreUnavailable() {
        ScriptedPeer peer = script.connected();
        script.unary("hi");
        GrpcRequest.collect(peer);
        script.channel().shutdown();
        peer.pingBarrier();

        assertThat(failureOf(script.unary("late")).code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aChannelIsNotClosedByTheThreadThatWouldHaveToCloseIt() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<Void> closing =
                script.unary("hi").thenAccept(answer -> script.channel().close());
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        assertThat(closing)
                .failsWithin(ScriptedPeer.PATIENCE)
                .withThrowableThat()
                .withMessageContaining("which would wait for itself");
    }
}
