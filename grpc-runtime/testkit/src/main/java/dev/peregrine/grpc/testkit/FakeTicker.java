// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until the test moves it: nanoseconds from an arbitrary origin. Fits wherever a
 * {@link LongSupplier} or a one-method ticker ({@code ticker::nanos}) is asked for. Safe to share between threads.
 */
public final class FakeTicker implements LongSupplier {

    private final AtomicLong now;

    /** Starts at 0. */
    public FakeTicker() {
        this(0);
    }

    /** Starts where the test likes, for example just before {@link Long#MAX_VALUE}, where nanosecond clocks wrap. */
    public FakeTicker(long startNanos) {
        now = new AtomicLong(startNanos);
    }

    public long nanos() {
        return now.get();
    }

    /** The same as {@link #nanos}. */
    @Override
    public long getAsLong() {
        return nanos();
    }

    /**
     * Moves the clock forward.
     *
     * @return this
     * @throws IllegalArgumentException if the step is negative: time does not go back
     */
    public FakeTicker advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("a ticker cannot advance by " + step + " (expected: not negative)");
        }
        now.addAndGet(step.toNanos());
        return this;
    }

    @Override
    public String toString() {
        return "FakeTicker[" + nanos() + " ns]";
    }
}
