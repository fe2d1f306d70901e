// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** connection-backoff.md: INITIAL_BACKOFF 1 s, MULTIPLIER 1.6, MAX_BACKOFF 120 s, JITTER 0.2. */
class BackoffTest {

    private static Duration next(Backoff backoff) {
        return Duration.ofNanos(backoff.nextDelayNanos());
    }

    @Test
    void theWaitGrowsByTheMultiplier() {
        Backoff backoff = Backoff.standard(() -> 0.5);

        assertThat(next(backoff)).isEqualTo(Duration.ofMillis(1000));
        assertThat(next(backoff)).isEqualTo(Duration.ofMillis(1600));
        assertThat(next(backoff)).isEqualTo(Duration.ofMillis(2560));
    }

    @Test
    void theWaitGrowsUpToTwoMinutes() {
        Backoff backoff = Backoff.standard(() -> 0.5);
        for (int i = 0; i < 100; i++) {
            backoff.nextDelayNanos();
        }

        assertThat(next(backoff)).isEqualTo(Duration.ofSeconds(120));
    }

    @Test
    void chanceTakesAwayOrAddsAtMostAFifth() {
        assertThat(next(Backoff.standard(() -> 0.0))).isEqualTo(Duration.ofMillis(800));
        assertThat(next(Backoff.standard(() -> Math.nextDown(1.0))))
                .isBetween(Duration.ofMillis(1199), Duration.ofMillis(1200));

        Backoff backoff = Backoff.standard(new Random(7)::nextDouble);
        for (int i = 0; i < 1000; i++) {
            assertThat(next(backoff)).isBetween(Duration.ofMillis(800), Duration.ofSeconds(144));
        }
    }

    @Test
    void chanceDoesNotAddUp() {
        double[] rolls = {0.0, 0.5};
        int[] roll = new int[1];
        Backoff backoff = Backoff.standard(() -> rolls[roll[0]++]);

        assertThat(next(backoff)).isEqualTo(Duration.ofMillis(800));
        assertThat(next(backoff)).isEqualTo(Duration.ofMillis(1600));
    }

    @Test
    void aSuccessStartsOver() {
        Backoff backoff = Backoff.standard(() -> 0.5);
        backoff.nextDelayNanos();
        backoff.nextDelayNanos();
        backoff.reset();

        assertThat(next(backoff)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anInitialWaitLongerThanTheLongestStays() {
        Backoff backoff = new Backoff(Duration.ofMinutes(5), () -> 0.5);
        backoff.nextDelayNanos();

        assertThat(next(backoff)).isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void theInitialWaitIsPositive(long nanos) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofNanos(nanos), () -> 0.5))
                .withMessage("initial backoff: " + Duration.ofNanos(nanos) + " (expected: > 0, at most a day)");
    }
}
