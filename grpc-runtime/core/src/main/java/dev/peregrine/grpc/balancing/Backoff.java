// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.balancing;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait between attempts to connect: gRPC's {@code connection-backoff.md}. One second at first, 1.6 times as
 * long after each failure, two minutes at most, each time 20 % more or less by chance so that clients do not return in
 * step. Not safe for use by several threads at once.
 */
public final class Backoff {

    private static final double MULTIPLIER = 1.6;
    private static final double JITTER = 0.2;
    static final Duration INITIAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INITIAL = Duration.ofDays(1);
    static final Duration MAX = Duration.ofSeconds(120);

    private final DoubleSupplier random;
    private final double initialNanos;
    private double nextNanos;

    /**
     * @param initial the first wait; {@link #standard} uses the specification's
     * @param random evenly distributed over [0, 1)
     */
    public Backoff(Duration initial, DoubleSupplier random) {
        this.initialNanos = requireInitial(initial).toNanos();
        this.random = random;
        reset();
    }

    /**
     * The first wait, if it can be one.
     *
     * @throws IllegalArgumentException if it is not more than nothing, or more than a day
     */
    public static Duration requireInitial(Duration initial) {
        if (initial.isNegative() || initial.isZero() || initial.compareTo(LONGEST_INITIAL) > 0) {
            throw new IllegalArgumentException("initial backoff: " + initial + " (expected: > 0, at most a day)");
        }
        return initial;
    }

    public static Backoff standard(DoubleSupplier random) {
        return new Backoff(INITIAL, random);
    }

    /** The wait before the next attempt, in nanoseconds; each call is one more failure. */
    public long nextDelayNanos() {
        double base = nextNanos;
        nextNanos = Math.min(base * MULTIPLIER, Math.max(MAX.toNanos(), initialNanos));
        return (long) (base * (1 - JITTER + 2 * JITTER * random.getAsDouble()));
    }

    /** A connection became ready: the next failure waits the initial time again. */
    public void reset() {
        nextNanos = initialNanos;
    }
}
