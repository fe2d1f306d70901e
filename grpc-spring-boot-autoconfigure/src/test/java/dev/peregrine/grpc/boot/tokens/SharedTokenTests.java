// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.tokens.SharedToken.Fetched;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The life of tokens, by a clock and a thread that the test moves. */
class SharedTokenTests {

    private final HandClock clock = new HandClock();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int fetched;
    private Duration life = Duration.ofHours(1);
    private RuntimeException failing;

    private final SharedToken token = new SharedToken(this::fetch, tasks::add, clock);

    private Fetched fetch() {
        fetched++;
        if (failing != null) {
            throw failing;
        }
        return new Fetched("t" + fetched, clock.millis() + life.toMillis());
    }

    private CompletableFuture<String> ask() {
        return token.get().toCompletableFuture();
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private String now() {
        CompletableFuture<String> asked = ask();
        run();
        return asked.join();
    }

    private static StatusCode codeOf(CompletableFuture<String> failed) {
        try {
            throw new AssertionError("expected a failure, got " + failed.getNow("nothing yet"));
        } catch (CompletionException failure) {
            return ((StatusException) failure.getCause()).code();
        }
    }

    @Test
    void nothingIsFetchedBeforeSomebodyAsks() {
        assertThat(tasks).isEmpty();
        ask();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void whoeverAsksMeanwhileWaitsForTheSameFetch() {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(ask());
        }
        assertThat(tasks).hasSize(1);
        run();
        assertThat(asked).allSatisfy(one -> assertThat(one).isCompletedWithValue("t1"));
        assertThat(fetched).isEqualTo(1);
    }

    @Test
    void aTokenThatHoldsIsThereAtOnce() {
        now();
        clock.advance(life.minus(SharedToken.AHEAD).minusMillis(1));
        assertThat(ask()).isCompletedWithValue("t1");
        assertThat(tasks).isEmpty();
    }

    @Test
    void aTokenIsRenewedBeforeItExpiresWhileCallsGoOnWithTheOldOne() {
        now();
        clock.advance(life.minus(SharedToken.AHEAD));
        assertThat(ask()).isCompletedWithValue("t1");
        assertThat(ask()).isCompletedWithValue("t1");
        assertThat(tasks).hasSize(1);
        run();
        assertThat(ask()).isCompletedWithValue("t2");
        assertThat(fetched).isEqualTo(2);
    }

    @Test
    void anExpiredTokenIsNotUsed() {
        now();
        clock.advance(life);
        CompletableFuture<String> waiting = ask();
        assertThat(waiting).isNotDone();
        run();
        assertThat(waiting).isCompletedWithValue("t2");
    }

    @Test
    void aTokenOfAShortLifeIsRenewedInTheLastFifthOfIt() {
        life = Duration.ofSeconds(10);
        now();
        clock.advance(Duration.ofMillis(7_999));
        ask();
        assertThat(tasks).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(ask()).isCompletedWithValue("t1");
        assertThat(tasks).hasSize(1);
    }

    @Test
    void aTokenThatIsExpiredWhenItComesServesThoseWhoWaitedForIt() {
        life = Duration.ZERO;
        assertThat(now()).isEqualTo("t1");
    }

    @Test
    void tokensOfHardlyAnyLifeAreFetchedNoMoreOftenThanAfterTheFirstPause() {
        for (Duration brief : List.of(Duration.ofMinutes(-5), Duration.ZERO, Duration.ofMillis(900))) {
            life = brief;
            String token = now();
            clock.advance(SharedToken.FIRST_PAUSE.minusMillis(1));
            assertThat(ask()).isCompletedWithValue(token);
            assertThat(tasks).isEmpty();

            clock.advance(Duration.ofMillis(1));
            CompletableFuture<String> next = ask();
            assertThat(next).isNotDone();
            run();
            assertThat(next).isCompletedWithValue("t" + fetched);
            clock.advance(SharedToken.FIRST_PAUSE);
        }
    }

    @Test
    void aTokenWithoutAnEndIsKept() {
        SharedToken endless = new SharedToken(() -> new Fetched("t" + ++fetched, Long.MAX_VALUE), Runnable::run, clock);
        endless.get();
        clock.advance(Duration.ofDays(10_000));
        assertThat(endless.get().toCompletableFuture()).isCompletedWithValue("t1");
    }

    @Test
    void allWhoWaitHearOfAFailure() {
        failing = TokenFailures.unreachable("x");
        CompletableFuture<String> first = ask();
        CompletableFuture<String> second = ask();
        run();
        assertThat(codeOf(first)).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(codeOf(second)).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(fetched).isEqualTo(1);
    }

    @Test
    void afterAFailureNobodyAsksAgainForAWhileAndCallsFailAtOnce() {
        failing = TokenFailures.refused("x");
        ask();
        run();
        clock.advance(SharedToken.FIRST_PAUSE.minusMillis(1));
        assertThat(codeOf(ask())).isEqualTo(StatusCode.UNAUTHENTICATED);
        assertThat(tasks).isEmpty();

        clock.advance(Duration.ofMillis(1));
        failing = null;
        assertThat(now()).isEqualTo("t2");
    }

    @Test
    void pausesGrowToTheirLongestAndStartAgainAfterASuccess() {
        failing = TokenFailures.unreachable("x");
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ask();
            run();
            long from = clock.millis();
            while (tasks.isEmpty()) {
                clock.advance(Duration.ofMillis(500));
                ask();
            }
            pauses.add(clock.millis() - from);
        }
        assertThat(pauses).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);

        failing = null;
        run();
        clock.advance(life);
        failing = TokenFailures.unreachable("x");
        ask();
        run();
        clock.advance(SharedToken.FIRST_PAUSE);
        ask();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void aRenewalThatFailsLeavesTheOldTokenInUseToItsEnd() {
        now();
        clock.advance(life.minus(SharedToken.AHEAD));
        failing = TokenFailures.unreachable("x");
        ask();
        run();
        clock.advance(SharedToken.AHEAD.minusMillis(1));
        assertThat(ask()).isCompletedWithValue("t1");
        run();
        clock.advance(Duration.ofMillis(1));
        assertThat(codeOf(ask())).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void whatNobodyExpectedIsAFailureToo() {
        failing = new IllegalStateException("secret");
        CompletableFuture<String> asked = ask();
        run();
        assertThat(codeOf(asked)).isEqualTo(StatusCode.UNAUTHENTICATED);
    }

    @Test
    void withoutAThreadCallsFailInsteadOfWaiting() {
        SharedToken stopped = new SharedToken(
                this::fetch,
                task -> {
                    throw new RejectedExecutionException();
                },
                clock);
        assertThat(codeOf(stopped.get().toCompletableFuture())).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void withoutMemoryForAThreadCallsFailUntilThereIsOne() {
        boolean[] starved = {true};
        SharedToken shared = new SharedToken(
                this::fetch,
                task -> {
                    if (starved[0]) {
                        throw new Error("as where there is no memory for a thread");
                    }
                    task.run();
                },
                clock);
        assertThat(codeOf(shared.get().toCompletableFuture())).isEqualTo(StatusCode.UNAVAILABLE);
        starved[0] = false;
        clock.advance(SharedToken.FIRST_PAUSE);
        assertThat(shared.get().toCompletableFuture()).isCompletedWithValue("t1");
    }

    @Test
    void aTokenDoesNotShow() {
        assertThat(new Fetched("secret", 1).toString()).doesNotContain("secret");
    }

    private static final class HandClock extends Clock {

        private Instant now = Instant.parse("2030-01-01T00:00:00Z");

        void advance(Duration step) {
            now = now.plus(step);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
