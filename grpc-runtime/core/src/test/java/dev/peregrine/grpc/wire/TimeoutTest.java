// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1n",
        "99999999, 99999999n",
        "100000000, 100000u",
        "99999999999, 99999999u",
        "100000000000, 100000m",
        "99999999999999, 99999999m",
        "100000000000000, 100000S",
        "99999999999999999, 99999999S",
        "100000000000000000, 1666666M",
        "5999999999999999999, 99999999M",
        "6000000000000000000, 1666666H",
        "9223372036854775807, 2562047H"
    })
    void aTimeoutIsWrittenInTheFinestUnitThatFitsEightDigits(long nanos, String expected) {
        assertThat(Timeout.encode(nanos)).isEqualTo(expected);
    }

    @Test
    void aTimeoutIsRoundedDownSoThatThePeerWaitsNoLongerThanWeDo() {
        assertThat(Timeout.encode(100_000_999)).isEqualTo("100000u");

        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong() >>> (1 + random.nextInt(62));
            long positive = Math.max(1, nanos);
            assertThat(Timeout.parse(Timeout.encode(nanos)))
                    .isLessThanOrEqualTo(positive)
                    .isGreaterThan(Math.min(positive, Long.MAX_VALUE / 2) - positive / 100_000 - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void noTimeLeftIsWrittenAsOneNanosecond(long nanos) {
        assertThat(Timeout.encode(nanos)).isEqualTo("1n");
    }

    @ParameterizedTest
    @CsvSource({
        "1n, 1",
        "12u, 12000",
        "200m, 200000000",
        "3S, 3000000000",
        "2M, 120000000000",
        "1H, 3600000000000",
        "00000001n, 1",
        "99999999n, 99999999",
        "99999999S, 99999999000000000",
        "0n, 0"
    })
    void everyUnitIsRead(String value, long nanos) {
        assertThat(Timeout.parse(value)).isEqualTo(nanos);
        assertThat(Timeout.parse(new AsciiString(value))).isEqualTo(nanos);
    }

    @Test
    void aTimeoutLongerThanTheClockIsReadAsHalfOfTheLongestLong() {
        assertThat(Timeout.parse("99999999H")).isEqualTo(Long.MAX_VALUE / 2);
        assertThat(Timeout.parse("99999999M")).isEqualTo(Long.MAX_VALUE / 2);
        assertThat(Timeout.parse("1281023H")).isEqualTo(TimeUnit.HOURS.toNanos(1281023));
        assertThat(Timeout.parse("1281024H")).isEqualTo(Long.MAX_VALUE / 2);
    }

    @Test
    void aTimeoutOfNineDigitsIsRefused() {
        assertThat(Timeout.parse("100000000n")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "n", "1", "12", "1s", "1h", "1N", "1U", "-1n", "+1n", "1.5S", " 1n", "1n ", "1 n", "n1", "1nn",
                "١n", "1\u00ff"
            })
    void anythingElseIsMalformed(String value) {
        assertThat(Timeout.parse(value)).isEqualTo(-1);
    }

    @Test
    void readingATimeoutAllocatesNothing() {
        AsciiString value = new AsciiString("1999999u");

        assertThat(Allocations.bytesPerRun(() -> {
                    if (Timeout.parse(value) != 1_999_999_000L) {
                        throw new AssertionError();
                    }
                }))
                .isZero();
    }
}
