// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.LoopbackPorts;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a channel's connection is made, and lost, and made again. */
@Timeout(30)
class ClientConnectionTest {

    private static final CallOptions WAITING = CallOptions.DEFAULT.withWaitForReady(true);

    @RegisterExtension
    final ClientScript script = new ClientScript();

    // ---- being made ----

    @Test
    void aChannelIsIdleUntilItsFirstCall() {
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.IDLE);

        CompletableFuture<String> call = script.unary("hi");
        ScriptedPeer peer = script.accept();
        GrpcRequest.collect(peer);
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.READY);
        peer.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void aChannelIsConnectingUntilTheServersSettingsAreThere() {
        script.channel().connect();
        ScriptedPeer peer = script.listener().accept();
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.CONNECTING);

        CompletableFuture<String> call = script.unary("hi");
        peer.handshake();
        GrpcRequest.collect(peer);
        assertThat(call).isNotDone();
    }

    @Test
    void callsMadeWhileConnectingGoOutTogetherInOrder() {
        script.unary("a");
        script.unary("b");
        script.unary("c");
        ScriptedPeer peer = script.accept();

        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("a");
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("b");
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("c");
    }

    @Test
    void aRefusedConnectionFailsTheCallAndNamesTheAddress() {
        int port = freePort();
        ManagedChannel channel = channelTo(port);

        StatusException failure = failureOf(unary(channel, CallOptions.DEFAULT));
        assertThat(failure.status().toString())
                .isEqualTo(
                        "UNAVAILABLE: no connection to 127.0.0.1:" + port + ": Connection refused: /127.0.0.1:" + port);
        assertThat(failure).hasCauseInstanceOf(IOException.class);
        assertThat(channel.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    }

    @Test
    void whileTheServerCannotBeReachedCallsFailAtOnceWithTheSameText() {
        ManagedChannel channel = channelTo(freePort());
        StatusException first = failureOf(unary(channel, CallOptions.DEFAULT));
        StatusException second = failureOf(unary(channel, CallOptions.DEFAULT));

        assertThat(second.status()).isEqualTo(first.status());
    }

    @Test
    void aCallThatWaitsForReadySucceedsWhenTheServerAppears() {
        int port = freePort();
        ManagedChannel channel = script.closeLater(ManagedChannel.builder("127.0.0.1:" + port)
                .initialBackoff(Duration.ofMillis(20))
                .build());
        CompletionStage<String> patient = unary(channel, WAITING);
        failureOf(unary(channel, CallOptions.DEFAULT)); // Now it is known that nobody listens.

        try (ServerSocket late = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
                ScriptedPeer peer = ScriptedPeer.asServer(late.accept())) {
            peer.handshake();
            GrpcRequest.collect(peer);
            peer.send(answer(1, "at last"));
            assertThat(answerTo(patient)).isEqualTo("at last");
        } catch (IOException taken) {
            throw new AssertionError("the port that was free is taken", taken);
        }
    }

    @Test
    void theDeadlineOfACallThatWaitsSaysWhatItWaitedFor() {
        int port = freePort();
        ManagedChannel channel = channelTo(port);
        failureOf(unary(channel, CallOptions.DEFAULT));

        assertThat(failureOf(unary(channel, WAITING.withTimeout(Duration.ofMillis(30))))
                        .status()
                        .toString())
                .startsWith(
                        "DEADLINE_EXCEEDED: the deadline passed while waiting for a connection to 127.0.0.1:" + port)
                .contains("TRANSIENT_FAILURE", "Connection refused");
    }

    @Test
    void theDeadlinePassesWhileConnecting() {
        script.channel().connect();
        ScriptedPeer peer = script.listener().accept();
        CompletableFuture<String> call = script.unary(CallOptions.DEFAULT.withTimeout(Duration.ofMillis(30)), "hi");

        assertThat(failureOf(call).status().toString())
                .startsWith("DEADLINE_EXCEEDED: ")
                .endsWith("which is CONNECTING");
        assertThat(peer.handshake().pingBarrier()).isEmpty();
    }

    @Test
    void aCallThatIsCancelledWhileConnectingIsNeverSent() {
        script.channel().connect();
        CompletableFuture<String> call = script.unary("hi");
        HeardCall stream = script.start(Texts.CHAT);
        stream.send("a");
        stream.cancel("enough", null);
        call.cancel(true);

        assertThat(stream.next()).isEqualTo("CANCELLED: enough");
        ScriptedPeer peer = script.accept();
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(stream.heard()).isEmpty();
    }

    @Test
    void aHostThatIsUnknownFailsTheCallAndIsNamed() {
        ManagedChannel channel = script.closeLater(
                ManagedChannel.builder("does-not-exist.invalid:80").build());

        assertThat(failureOf(unary(channel, CallOptions.DEFAULT)).status().toString())
                .isEqualTo("UNAVAILABLE: the host 'does-not-exist.invalid' cannot be resolved");
    }

    // ---- servers that speak something else ----

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 400 Bad Request\r\n\r\n', 'the server answered with HTTP/1, not HTTP/2'",
        "'220 mail.example ESMTP\r\n', '(323230206d) are no SETTINGS frame of HTTP/2'",
        "'\u0015\u0003\u0001\u0000\u0002\u0002\u0046', 'the server answered with TLS, but this client speaks plaintext'",
        "'\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001', 'are no SETTINGS frame of HTTP/2'",
    })
    void aServerThatSpeaksSomethingElseIsUnavailableAndTheTextSaysWhatItSpeaks(String words, String text) {
        CompletableFuture<String> call = script.unary("hi");
        ScriptedPeer peer = script.listener().accept();
        peer.sendRaw(Octets.latin1(words)).halfClose();

        assertThat(failureOf(call).status().toString())
                .startsWith("UNAVAILABLE: no connection to " + script.channel().authority() + ": ")
                .contains(text);
    }

    @Test
    void aServerThatClosesAtOnceIsUnavailable() {
        CompletableFuture<String> call = script.unary("hi");
        script.listener().accept().close();

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void aServerThatSaysNothingIsUnavailableAfterTheHandshakeTimeout() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withHandshakeTimeout(Duration.ofMillis(30))));
        CompletableFuture<String> call = script.unary("hi");
        script.listener().accept();

        assertThat(failureOf(call).status().toString())
                .endsWith(": no HTTP/2 settings came within 30 ms")
                .startsWith("UNAVAILABLE: no connection to 127.0.0.1:");
    }

    // ---- being lost ----

    @Test
    void aCallWhoseConnectionIsLostIsUnavailableAndIsNotRepeated() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.pingBarrier(); // A socket that is closed with input unread is reset.
        peer.close();

        // Native sockets keep the name that was looked up, in front of the slash.
        assertThat(failureOf(call).status().toString())
                .startsWith("UNAVAILABLE: the connection to ")
                .endsWith("/" + script.listener().authority() + " was lost");
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.IDLE);
    }

    @Test
    void aConnectionThatIsResetIsLostToo() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.reset();

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void theNextCallMakesANewConnection() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.close();
        failureOf(call);

        CompletableFuture<String> next = script.unary("again");
        ScriptedPeer second = script.accept();
        GrpcRequest.collect(second);
        second.send(answer(1, "ho"));
        assertThat(answerTo(next)).isEqualTo("ho");
    }

    @Test
    void whoHearsOfTheLossMayCallAgainAtOnce() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> again = script.unary("hi")
                .exceptionallyCompose(lost -> script.unary("again")); // On the connection's own thread.
        GrpcRequest.collect(peer);
        peer.close();

        ScriptedPeer second = script.accept();
        assertThat(GrpcRequest.collect(second).onlyMessage().utf8()).isEqualTo("again");
        second.send(answer(1, "ho"));
        assertThat(answerTo(again)).isEqualTo("ho");
    }

    @Test
    void whoHearsOfAConnectionErrorMayCallAgainAtOnce() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> again = script.unary("hi").exceptionallyCompose(lost -> script.unary("again"));
        GrpcRequest.collect(peer);
        peer.send(new Frame.WindowUpdate(0, Integer.MAX_VALUE));
        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR);
        peer.halfClose();

        ScriptedPeer second = script.accept();
        assertThat(GrpcRequest.collect(second).onlyMessage().utf8()).isEqualTo("again");
        second.send(answer(1, "ho"));
        assertThat(answerTo(again)).isEqualTo("ho");
    }

    @Test
    void callsMadeWhileABrokenConnectionLingersGoToANewOne() {
        ScriptedPeer peer = script.connected();
        peer.send(new Frame.WindowUpdate(0, Integer.MAX_VALUE));
        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR); // The peer keeps its end open: the connection lingers.

        CompletableFuture<String> call = script.unary("hi");
        ScriptedPeer second = script.accept();
        GrpcRequest.collect(second);
        second.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void anAnswerThatHadArrivedWholeOutlivesItsConnection() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.WATCH);
        call.send("hi");
        call.halfClose();
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"), GrpcFrames.end(1, 0));
        peer.pingBarrier();
        CompletableFuture<String> other = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.close();
        failureOf(other); // Now the loss is known.

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.heard()).isEmpty();
        call.request(2);
        assertThat(call.next()).isEqualTo("message a");
        assertThat(call.next()).isEqualTo("message b");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void closingAChannelEndsAnAnswerThatOutlivedItsConnection() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.WATCH);
        call.send("hi");
        call.halfClose();
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(1), message(1, "a"), GrpcFrames.end(1, 0));
        peer.pingBarrier();
        CompletableFuture<String> other = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.close();
        failureOf(other);

        script.channel().close();
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).startsWith("CANCELLED: ");
    }

    private ManagedChannel channelTo(int port) {
        return script.closeLater(ManagedChannel.builder("127.0.0.1:" + port).build());
    }

    private static CompletionStage<String> unary(ManagedChannel channel, CallOptions options) {
        return AsyncClientCalls.unary(channel, Texts.UNARY, options, "hi");
    }

    private static int freePort() {
        try {
            return LoopbackPorts.lasting(); // Another would be one that the client's own socket may get.
        } catch (IOException none) {
            throw new AssertionError(none);
        }
    }
}
