// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.time.Duration;

/**
 * A moment after which nobody waits for the answer any more. Local to this process: on the wire a deadline travels as
 * the time that is left ({@code grpc-timeout}).
 */
public final class Deadline implements Comparable<Deadline> {

    /** Longest span that nanosecond arithmetic is safe with; about 146 years. */
    private static final long MAX_NANOS = Long.MAX_VALUE / 2;

    private final Ticker ticker;
    private final long at;

    private Deadline(Ticker ticker, long at) {
        this.ticker = ticker;
        this.at = at;
    }

    /** The moment this long from now; a zero or negative duration has passed already. */
    public static Deadline after(Duration duration) {
        return after(duration, Ticker.SYSTEM);
    }

    public static Deadline after(Duration duration, Ticker ticker) {
        return afterNanos(saturatedNanos(duration), ticker);
    }

    public static Deadline afterNanos(long nanos, Ticker ticker) {
        return new Deadline(ticker, ticker.nanos() + Math.max(-MAX_NANOS, Math.min(MAX_NANOS, nanos)));
    }

    /** What is left, in nanoseconds; negative once the deadline has passed. */
    public long remainingNanos() {
        return at - ticker.nanos();
    }

    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    public boolean isExpired() {
        return remainingNanos() <= 0;
    }

    /** The earlier of the two. */
    public Deadline earlier(Deadline other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** By what is left; deadlines on different tickers compare by their remaining time. */
    @Override
    public int compareTo(Deadline other) {
        if (ticker == other.ticker) {
            return Long.signum(at - other.at);
        }
        return Long.compare(remainingNanos(), other.remainingNanos());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Deadline deadline && deadline.ticker == ticker && deadline.at == at;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(at);
    }

    @Override
    public String toString() {
        return "Deadline[" + remaining() + " from now]";
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooFar) {
            return duration.isNegative() ? -MAX_NANOS : MAX_NANOS;
        }
    }
}
