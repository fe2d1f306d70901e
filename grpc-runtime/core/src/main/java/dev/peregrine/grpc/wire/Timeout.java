// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

/**
 * The value of {@code grpc-timeout}.
 *
 * <pre>
 * TimeoutValue → {positive integer as ASCII string of at most 8 digits}
 * TimeoutUnit  → Hour / Minute / Second / Millisecond / Microsecond / Nanosecond = H / M / S / m / u / n
 * </pre>
 */
public final class Timeout {

    /** What {@link #parse} says of a timeout longer than this: far beyond any call, yet safe to add to a clock. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private static final int MAX_DIGITS = 8;
    private static final long MAX_VALUE = 99_999_999;

    /** Finest unit first, with its length in nanoseconds at the same place. */
    private static final String UNITS = "numSMH";

    private static final long[] UNIT_NANOS = {
        1, 1_000, 1_000_000, 1_000_000_000, 60L * 1_000_000_000, 3_600L * 1_000_000_000
    };

    private Timeout() {}

    /**
     * Writes a timeout in the finest unit that fits eight digits, rounded down: the peer must not wait longer than we do.
     *
     * @param nanos the time that is left; zero and less become {@code 1n}, the shortest there is
     */
    public static String encode(long nanos) {
        long positive = Math.max(1, nanos);
        int unit = 0;
        while (positive / UNIT_NANOS[unit] > MAX_VALUE) {
            unit++;
        }
        return positive / UNIT_NANOS[unit] + UNITS.substring(unit, unit + 1);
    }

    /**
     * Reads a timeout without allocating. Zero is read although the grammar asks for a positive number: such a call has
     * no time left, which is a statement that can be obeyed.
     *
     * @return nanoseconds, at most {@code Long.MAX_VALUE / 2}; -1 if the value is malformed
     */
    public static long parse(CharSequence value) {
        int digits = value.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            return -1;
        }
        int unit = UNITS.indexOf(value.charAt(digits));
        if (unit < 0) {
            return -1;
        }
        long amount = 0;
        for (int i = 0; i < digits; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            amount = amount * 10 + digit;
        }
        return amount > LONGEST / UNIT_NANOS[unit] ? LONGEST : amount * UNIT_NANOS[unit];
    }
}
