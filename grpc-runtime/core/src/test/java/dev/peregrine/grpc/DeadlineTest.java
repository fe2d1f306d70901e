// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

    private final FakeTicker clock = new FakeTicker();
    private final Ticker ticker = clock::nanos;

    @Test
    void aDeadlineComesNearerAndPasses() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(2), ticker);
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(2));
        assertThat(deadline.isExpired()).isFalse();

        clock.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(deadline.remainingNanos()).isEqualTo(1);
        assertThat(deadline.isExpired()).isFalse();

        clock.advance(Duration.ofNanos(1));
        assertThat(deadline.isExpired()).isTrue();

        clock.advance(Duration.ofSeconds(1));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(-1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aDeadlineThatIsNotInTheFutureHasPassed(long nanos) {
        assertThat(Deadline.afterNanos(nanos, ticker).isExpired()).isTrue();
    }

    @Test
    void aDeadlineBeyondWhatNanosecondsCountIsVeryFar() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), ticker);
        clock.advance(Duration.ofDays(365 * 100));

        assertThat(deadline.isExpired()).isFalse();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE), ticker).isExpired())
                .isTrue();
    }

    @Test
    void aClockThatWrapsDoesNotMatter() {
        FakeTicker late = new FakeTicker(Long.MAX_VALUE - 10);
        Ticker wrapping = late::nanos;
        Deadline deadline = Deadline.afterNanos(100, wrapping);
        Deadline later = Deadline.afterNanos(101, wrapping);
        assertThat(deadline.remainingNanos()).isEqualTo(100);
        assertThat(deadline).isLessThan(later);

        late.advance(Duration.ofNanos(100));
        assertThat(deadline.isExpired()).isTrue();
    }

    @Test
    void theEarlierOfTwoIsTheNearer() {
        Deadline near = Deadline.afterNanos(1, ticker);
        Deadline far = Deadline.afterNanos(2, ticker);

        assertThat(near.earlier(far)).isSameAs(near);
        assertThat(far.earlier(near)).isSameAs(near);
        assertThat(near.earlier(near)).isSameAs(near);
    }

    @Test
    void deadlinesOnDifferentClocksCompareByWhatIsLeft() {
        FakeTicker elsewhere = new FakeTicker(1_000_000);
        Deadline here = Deadline.afterNanos(10, ticker);
        Deadline there = Deadline.afterNanos(5, elsewhere::nanos);

        assertThat(here.earlier(there)).isSameAs(there);
        assertThat(here).isNotEqualTo(there);
    }

    @Test
    void equalDeadlinesAreTheSameMomentOnTheSameClock() {
        Deadline first = Deadline.afterNanos(10, ticker);
        clock.advance(Duration.ofNanos(4));
        Deadline second = Deadline.afterNanos(6, ticker);

        assertThat(first).isEqualTo(second).hasSameHashCodeAs(second).isEqualByComparingTo(second);
        assertThat(first).hasToString("Deadline[PT0.000000006S from now]");
    }
}
