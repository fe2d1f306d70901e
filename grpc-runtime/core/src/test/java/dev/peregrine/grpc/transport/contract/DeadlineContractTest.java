// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deadlines, which both ends know and keep. */
@TransportContract
class DeadlineContractTest {

    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(50));

    @RegisterExtension
    final Stage stage;

    DeadlineContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    @Test
    void theServerKnowsTheDeadline() {
        stage.ask(Texts.UNARY, CallOptions.DEFAULT.withTimeout(Duration.ofMinutes(10)), "hi");

        Deadline deadline = stage.handled().context().deadline();

        assertThat(deadline).isNotNull();
        assertThat(Duration.ofNanos(deadline.remainingNanos()))
                .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
    }

    @Test
    void aCallWithoutDeadlineHasNoneAtTheServer() {
        stage.ask(Texts.UNARY, "hi");

        assertThat(stage.handled().context().deadline()).isNull();
    }

    @Test
    void aCallThatIsNotAnsweredInTimeEndsAndItsHandlerIsTold() {
        stage.expectNextCallAnswered(); // So that what follows is not the time it takes to connect.
        HeardCall call = stage.start(Texts.CHAT, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        HandledCall handled = stage.handled();

        assertThat(call.next()).startsWith("DEADLINE_EXCEEDED: ");
        // Either end may find out first; the client's reset and the server's timer cross.
        assertThat(handled.next()).isIn("cancel DEADLINE_EXCEEDED", "cancel CANCELLED");
    }

    @Test
    void aStreamThatIsNotDoneInTimeEndsInItsMidst() {
        stage.expectNextCallAnswered();
        HeardCall call = stage.ask(Texts.WATCH, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)), "hi");
        HandledCall handled = stage.handled();
        handled.send("a");

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message a");
        assertThat(call.next()).startsWith("DEADLINE_EXCEEDED: ");
        assertThat(handled.next()).isEqualTo("message hi");
        assertThat(handled.next()).isEqualTo("half-close");
        assertThat(handled.next()).isIn("cancel DEADLINE_EXCEEDED", "cancel CANCELLED");
    }

    @Test
    void aBlockingHandlerIsInterruptedWhenTheDeadlinePasses() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.serveUnary(text -> {
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException told) {
                assertThat(CallContext.current().cancellation().isCancelled()).isTrue();
                interrupted.countDown();
                return "too late";
            }
        });

        CompletableFuture<String> answer = stage.unary(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)), "hi");

        assertThat(Stage.failureOf(answer).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallWhoseDeadlineHasPassedDoesNotReachTheServer() {
        stage.expectNextCallAnswered();

        CompletableFuture<String> answer =
                stage.unary(CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ZERO)), "hi");

        assertThat(Stage.failureOf(answer).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        stage.expectNextCallAnswered(); // Which is the first call the server hears of.
        assertThat(stage.unseenCalls()).isZero();
    }

    @Test
    void aCallThatWaitsForOthersHasADeadlineToo() {
        stage.serverLimits(limits -> limits.withMaxConcurrentCalls(1));
        HeardCall first = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();

        assertThat(Stage.failureOf(stage.unary(SHORT, "second")).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);

        assertThat(stage.unseenCalls()).isZero();
        assertThat(first.heard()).isEmpty();
        assertThat(handled.heard()).isEmpty();
    }
}
