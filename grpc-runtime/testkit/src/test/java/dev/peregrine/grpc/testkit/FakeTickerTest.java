// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class FakeTickerTest {

    @Test
    void timeStandsStillUntilItIsMoved() {
        FakeTicker ticker = new FakeTicker();
        LongSupplier clock = ticker;

        assertThat(clock.getAsLong()).isZero();
        ticker.advance(Duration.ofMillis(2)).advance(Duration.ofNanos(3));
        assertThat(clock.getAsLong()).isEqualTo(2_000_003).isEqualTo(ticker.nanos());
    }

    @Test
    void timeMayWrapAround() {
        FakeTicker ticker = new FakeTicker(Long.MAX_VALUE);

        assertThat(ticker.advance(Duration.ofNanos(1)).nanos()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FakeTicker().advance(Duration.ofNanos(-1)));
    }
}
