// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.testkit.FakeTicker;
import dev.peregrine.grpc.wire.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {

    private final FakeTicker clock = new FakeTicker(Long.MAX_VALUE - 5); // Nanosecond clocks may wrap.
    private int sent;
    private final FrameBudget budget = new FrameBudget(100, clock::nanos, () -> sent);

    private void spend(int frames) {
        for (int i = 0; i < frames; i++) {
            budget.spend(1);
        }
    }

    private void expectOverdrawn() {
        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(() -> budget.spend(1))
                .withMessage("101 frames that move nothing came within 30 s, beyond what others paid for (allowed: 100,"
                        + " maxIdleFrames)")
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM));
    }

    @Test
    void asManyFramesAsAllowedPassAndOneMoreDoesNot() {
        spend(100);

        expectOverdrawn();
    }

    @Test
    void framesThatMoveSomethingPayForSixteenEach() {
        for (int i = 0; i < 1_000; i++) {
            spend(16);
            budget.earn();
            spend(16);
            sent++;
        }
    }

    @Test
    void moreThanIsEarnedIsFoundOut() {
        assertThatExceptionOfType(ConnectionError.class).isThrownBy(() -> {
            for (int i = 0; i < 1_000; i++) {
                spend(17);
                sent++;
            }
        });
    }

    @Test
    void withinEachSpanOfTimeAsMuchMayBeOverdrawnAgain() {
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(31));
            spend(100);
        }
    }
}
