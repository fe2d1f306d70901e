// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import dev.peregrine.grpc.transport.KeepAlive;
import java.time.Duration;

/**
 * Times as people write them, as the runtime takes them. Zero stands for never wherever a time can be, so that what is set
 * for all can be taken back for one. What is refused is named as it is written in a configuration file.
 */
public final class Durations {

    /** {@link KeepAlive}: more often than this no peer may be asked. */
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(10);

    private Durations() {}

    /**
     * The time, or {@link KeepAlive#NEVER} for zero.
     *
     * @param property what is being set, for the message
     * @throws IllegalArgumentException if it is negative
     */
    public static Duration zeroIsNever(String property, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(property + ": " + time + " (expected: > 0, or 0 for never)");
        }
        return time.isZero() ? KeepAlive.NEVER : time;
    }

    /**
     * The time, which must be at least a millisecond and at most a day.
     *
     * @param property what is being set, for the message
     * @throws IllegalArgumentException if it is not
     */
    public static Duration upToADay(String property, Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(property + ": " + time + " (expected: 1ms to 1d)");
        }
        return time;
    }

    /**
     * What stands under {@code keepalive}, of a server or of a client.
     *
     * @param time zero never asks
     * @throws IllegalArgumentException if a time is out of its bounds
     */
    public static KeepAlive keepAlive(Duration time, Duration timeout, boolean withoutCalls) {
        if (!time.isZero() && time.compareTo(SHORTEST_SILENCE) < 0) {
            throw new IllegalArgumentException("keepalive.time: " + time
                    + " (expected: >= 10s, or 0 for never; to notice lost calls sooner, give calls deadlines)");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("keepalive.timeout: " + timeout + " (expected: > 0)");
        }
        return new KeepAlive(zeroIsNever("keepalive.time", time), timeout, withoutCalls);
    }
}
