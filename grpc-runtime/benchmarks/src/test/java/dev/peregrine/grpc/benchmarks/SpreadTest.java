// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void theMedianOfAnOddNumberIsTheMiddleValue() {
        assertThat(Spread.of(9, 1, 2)).isEqualTo(new Spread(2, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(4, 1, 2, 9)).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void numbersShowNoMoreDigitsThanTheNoiseLetsThrough() {
        assertThat(Spread.of(0.456, 45.67, 4567.8).text()).isEqualTo("45.7 (0.46–4,568)");
    }

    @Test
    void nothingMeasuredIsADash() {
        assertThat(Spread.of(Double.NaN, Double.NaN).text()).isEqualTo("–");
    }

    @Test
    void noValuesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(Spread::of);
    }
}
