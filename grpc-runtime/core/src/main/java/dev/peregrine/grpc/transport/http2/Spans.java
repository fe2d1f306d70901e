// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.math.BigDecimal;
import java.time.Duration;

/** Spans of time in texts for people, as they write them: {@code 20 s}, {@code 1.5 s}, {@code 300 ms}. */
final class Spans {

    private static final int NANO_DIGITS = 9;

    private static final int MILLI_DIGITS = 3;

    private Spans() {}

    static String text(Duration span) {
        BigDecimal seconds = BigDecimal.valueOf(span.getSeconds()).add(BigDecimal.valueOf(span.getNano(), NANO_DIGITS));
        return span.toSeconds() == 0 && span.getNano() != 0
                ? plain(seconds.movePointRight(MILLI_DIGITS)) + " ms"
                : plain(seconds) + " s";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
