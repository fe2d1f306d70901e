// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.FakeClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The blocking face of a client: threads that wait for one response, and what ends their wait. */
@Timeout(30)
class ClientBlockingTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private ScriptedPeer peer;

    private String unary(CallOptions options) {
        return ClientCalls.unary(script.channel(), Texts.UNARY, options, "hi");
    }

    @Test
    void theCallerIsHandedTheResponse() {
        peer = script.connected();
        CompletableFuture<String> caller = inBackground(() -> unary(CallOptions.DEFAULT));
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        assertThat(answerTo(caller)).isEqualTo("ho");
    }

    @Test
    void theCallerIsThrownTheStatusWithItsTrailers() {
        peer = script.connected();
        CompletableFuture<String> caller = inBackground(() -> unary(CallOptions.DEFAULT));
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.trailersOnly(1, 3, "no").plus("why", "bad"));

        StatusException thrown = failureOf(caller);
        assertThat(thrown.status().toString()).isEqualTo("INVALID_ARGUMENT: no");
        assertThat(thrown.trailers().get(MetadataKey.ascii("why"))).isEqualTo("bad");
    }

    @Test
    void aCallerThatIsInterruptedCancelsTheCallAndKeepsItsFlag() throws InterruptedException {
        peer = script.connected();
        Interrupted caller = new Interrupted(() -> unary(CallOptions.DEFAULT));
        GrpcRequest.collect(peer);
        caller.interrupt();

        peer.expectRstStream(1, ErrorCode.CANCEL);
        assertThat(caller.thrown().status().toString()).isEqualTo("CANCELLED: the calling thread was interrupted");
        assertThat(caller.flagWasKept()).isTrue();
    }

    @Test
    void aCallerThatIsInterruptedBeforehandDoesNotWait() throws InterruptedException {
        peer = script.connected();
        Interrupted caller = new Interrupted(() -> {
            Thread.currentThread().interrupt();
            unary(CallOptions.DEFAULT);
        });

        assertThat(caller.thrown().code()).isEqualTo(StatusCode.CANCELLED);
        assertThat(caller.flagWasKept()).isTrue();
    }

    @Test
    void aDeadlineThatHasPassedSendsNothing() {
        peer = script.connected();

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> unary(CallOptions.DEFAULT.withTimeout(Duration.ZERO)))
                .withMessage("DEADLINE_EXCEEDED: the deadline had passed before the call was sent");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aDeadlineThatPassesResetsTheStream() {
        FakeClock clock = new FakeClock();
        script.channel(builder -> builder.transport(clock.transport()));
        peer = script.connected();
        CompletableFuture<String> caller =
                inBackground(() -> unary(CallOptions.DEFAULT.withTimeout(Duration.ofHours(1))));
        GrpcRequest.collect(peer);

        clock.advance(Duration.ofHours(1));

        assertThat(failureOf(caller)).hasMessage("DEADLINE_EXCEEDED: the deadline passed before the server answered");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void anEventLoopIsNotBlocked() {
        peer = script.connected();
        CompletableFuture<String> call = script.unary("hi").thenApply(answer -> unary(CallOptions.DEFAULT));
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        assertThat(call)
                .failsWithin(ScriptedPeer.PATIENCE)
                .withThrowableThat()
                .withMessageContaining("a blocking call of test.Texts/Unary was made on event loop thread");
    }

    // ---- help ----

    private static CompletableFuture<String> inBackground(Supplier<String> caller) {
        return CompletableFuture.supplyAsync(caller);
    }
}
