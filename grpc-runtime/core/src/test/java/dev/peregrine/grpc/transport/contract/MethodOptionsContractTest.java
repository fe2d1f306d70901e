// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.server.ConcurrencyLimit;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.transport.http2.Sleeper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a method may have for itself. */
@TransportContract
class MethodOptionsContractTest {

    private static final MetadataKey<String> PUSHBACK = MetadataKey.ascii("grpc-retry-pushback-ms");

    @RegisterExtension
    final Stage stage;

    private final Sleeper sleeper = new Sleeper();

    MethodOptionsContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    // ---- sizes ----

    @Test
    void aMethodMayTakeLessThanItsServer() {
        stage.options(MethodOptions.DEFAULT.withMaxMessageSize(10));
        stage.serveUnary(text -> "re: " + text);

        assertThat(Stage.answerTo(stage.unary("ten bytes!"))).isEqualTo("re: ten bytes!");
        StatusException failure = Stage.failureOf(stage.unary("eleven byte"));
        assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failure).hasMessageContaining("a message of 11 bytes is larger than the allowed 10");
    }

    @Test
    void aMethodMayTakeMoreThanItsServer() {
        stage.serverLimits(limits -> limits.withMaxMessageSize(10));
        stage.options(MethodOptions.DEFAULT.withMaxMessageSize(1_000_000));
        stage.serveUnary(text -> "re: " + text.length());

        assertThat(Stage.answerTo(stage.unary("x".repeat(1_000_000)))).isEqualTo("re: 1000000");
    }

    // ---- deadlines ----

    @Test
    void aCallWithoutDeadlineGetsThatOfItsMethod() {
        AtomicReference<Deadline> seen = new AtomicReference<>();
        stage.options(MethodOptions.DEFAULT.withDefaultDeadline(Duration.ofHours(1)));
        stage.serveUnary(text -> remember(seen));

        Stage.answerTo(stage.unary("hi"));

        assertThat(seen.get().remaining()).isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
    }

    @Test
    void aDeadlineThatIsSetCountsInsteadOfTheDefault() {
        AtomicReference<Deadline> seen = new AtomicReference<>();
        stage.options(MethodOptions.DEFAULT.withDefaultDeadline(Duration.ofHours(1)));
        stage.serveUnary(text -> remember(seen));

        Stage.answerTo(stage.unary(CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofHours(3))), "hi"));

        assertThat(seen.get().remaining()).isBetween(Duration.ofHours(2), Duration.ofHours(3));
    }

    @Test
    void aDeadlineBeyondTheCapIsCut() {
        AtomicReference<Deadline> seen = new AtomicReference<>();
        stage.options(MethodOptions.DEFAULT.withMaxDeadline(Duration.ofHours(1)));
        stage.serveUnary(text -> remember(seen));

        Stage.answerTo(stage.unary(CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofHours(3))), "hi"));

        assertThat(seen.get().remaining()).isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
    }

    @Test
    void whenTheTimeOfTheMethodIsOverTheCallEnds() {
        stage.options(MethodOptions.DEFAULT.withMaxDeadline(Duration.ofMillis(500)));
        stage.serveUnary(sleeper::sleep);

        do { // The time may be over before a thread is there for the handler.
            assertThat(Stage.failureOf(stage.unary("hi")).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        } while (!sleeper.isAsleep());
        sleeper.expectInterrupted();
    }

    private static String remember(AtomicReference<Deadline> seen) {
        seen.set(CallContext.current().deadline());
        return "seen";
    }

    // ---- concurrency ----

    @Test
    void aCallBeyondTheLimitIsRefusedAtOnceAndToldWhenToComeBack() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 0, Duration.ofMillis(400));
        stage.options(MethodOptions.DEFAULT.withConcurrencyLimits(List.of(limit)));
        stage.serveUnary(sleeper::sleep);
        CompletableFuture<String> first = stage.unary("one");
        sleeper.expectAsleep();

        StatusException refused = Stage.failureOf(stage.unary("two"));

        assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(refused).hasMessageContaining("the server is at work on 1 calls, more may not; try again later");
        assertThat(Integer.parseInt(refused.trailers().get(PUSHBACK))).isBetween(200, 400);
        sleeper.release();
        assertThat(Stage.answerTo(first)).isEqualTo("slept: one");
    }

    @Test
    void aCallThatMayWaitHasItsTurnWhenAnotherIsThrough() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
        stage.options(MethodOptions.DEFAULT.withConcurrencyLimits(List.of(limit)));
        stage.serveUnary(text -> text.equals("one") ? sleeper.sleep(text) : "re: " + text);
        CompletableFuture<String> first = stage.unary("one");
        sleeper.expectAsleep();

        CompletableFuture<String> second = stage.unary("two");
        StatusException refused = Stage.failureOf(stage.unary("three")); // Behind the second, on the same connection.

        assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(limit.waiting()).isEqualTo(1);
        assertThat(second).isNotDone();
        sleeper.release();
        assertThat(Stage.answerTo(first)).isEqualTo("slept: one");
        assertThat(Stage.answerTo(second)).isEqualTo("re: two");
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsLeavesItsPlaceToTheNext() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
        stage.options(MethodOptions.DEFAULT.withConcurrencyLimits(List.of(limit)));
        stage.serveUnary(text -> text.equals("one") ? sleeper.sleep(text) : "re: " + text);
        CompletableFuture<String> first = stage.unary("one");
        sleeper.expectAsleep();
        HeardCall second = stage.ask(Texts.UNARY, "two");
        assertThat(Stage.failureOf(stage.unary("waits for the second to wait")).code())
                .isEqualTo(StatusCode.RESOURCE_EXHAUSTED);

        second.cancel("no more", null);
        CompletableFuture<String> third = stage.unary("three"); // Behind the cancellation, on the same connection.
        StatusException refused = Stage.failureOf(stage.unary("four"));

        assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(third).isNotDone();
        assertThat(limit.waiting()).isEqualTo(1);
        sleeper.release();
        assertThat(Stage.answerTo(first)).isEqualTo("slept: one");
        assertThat(Stage.answerTo(third)).isEqualTo("re: three");
    }

    @Test
    void aCallOnTheEventLoopKeepsItsPlaceUntilItEnds() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 10, Duration.ZERO);
        stage.options(MethodOptions.DEFAULT.withConcurrencyLimits(List.of(limit)));
        CompletableFuture<String> first = stage.unary("one");
        HandledCall handled = stage.handled();

        StatusException refused = Stage.failureOf(stage.unary("two"));
        HeardCall refusedStream = stage.ask(Texts.CHAT, "three");

        assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(Stage.endOf(refusedStream)).startsWith("RESOURCE_EXHAUSTED");
        handled.send("re: one");
        handled.close(Status.OK);
        assertThat(Stage.answerTo(first)).isEqualTo("re: one");

        CompletableFuture<String> next = stage.unary("four");
        HandledCall again = stage.handled();
        again.send("re: four");
        again.close(Status.OK);
        assertThat(Stage.answerTo(next)).isEqualTo("re: four");
    }

    @Test
    void whereNoThreadIsFreeCallersAreToldWhenToComeBackToo() {
        stage.options(MethodOptions.DEFAULT.withExecutor(task -> {
            throw new RejectedExecutionException("full");
        }));
        stage.serveUnary(text -> "never");

        StatusException refused = Stage.failureOf(stage.unary("one"));

        assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(Integer.parseInt(refused.trailers().get(PUSHBACK))).isBetween(500, 1000);
    }

    @Test
    void ofTwoLimitsTheTighterCounts() {
        ConcurrencyLimit ofServer = ConcurrencyLimit.of(1, 0, Duration.ZERO);
        ConcurrencyLimit ofMethod = ConcurrencyLimit.of(5, 5, Duration.ZERO);
        stage.options(MethodOptions.DEFAULT.withConcurrencyLimits(List.of(ofMethod, ofServer)));
        stage.serveUnary(sleeper::sleep);
        CompletableFuture<String> first = stage.unary("one");
        sleeper.expectAsleep();

        assertThat(Stage.failureOf(stage.unary("two")).code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);

        assertThat(ofMethod.running()).isEqualTo(1);
        sleeper.release();
        assertThat(Stage.answerTo(first)).isEqualTo("slept: one");
    }
}
