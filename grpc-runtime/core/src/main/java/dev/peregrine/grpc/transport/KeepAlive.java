// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.time.Duration;

/**
 * Whether a peer that has been silent is asked if it is still there (gRPC's {@code keepalive.md}, gRFC A8). Without it a
 * connection whose other end has vanished, behind a load balancer that dropped it or a cable that was pulled, is found out
 * only when TCP gives up, which takes many minutes.
 *
 * <p>A server may punish clients that ask more often than it permits: by default more than once in five minutes, or without
 * calls. Agree on the numbers with whoever runs it.
 *
 * @param time how long a peer may be silent before it is asked; at least 10 s, and {@link #NEVER} for no keep-alive
 * @param timeout how long it may take to answer before the connection counts as lost
 * @param withoutCalls whether a peer is asked even while no call is open
 */
public record KeepAlive(Duration time, Duration timeout, boolean withoutCalls) {

    /** Longer than anything runs. */
    public static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

    /** keepalive.md: more often than this is nobody's business. */
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    /** Nobody is asked: the default of clients, as in every gRPC. */
    public static final KeepAlive OFF = new KeepAlive(NEVER, Duration.ofSeconds(20), false);

    public KeepAlive {
        time = bounded("keep-alive time", time);
        timeout = bounded("keep-alive timeout", timeout);
        if (time.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("keep-alive time: " + time + " (expected: >= " + SHORTEST
                    + "; to notice lost calls sooner, give calls deadlines)");
        }
    }

    /** Asks after this long a silence, while calls are open, and waits 20 seconds for the answer. */
    public static KeepAlive every(Duration time) {
        return new KeepAlive(time, OFF.timeout, false);
    }

    /** The same with another wait for the answer. */
    public KeepAlive withTimeout(Duration timeout) {
        return new KeepAlive(time, timeout, withoutCalls);
    }

    /** The same, and even while no call is open; to keep a line open through a load balancer. */
    public KeepAlive evenWithoutCalls() {
        return new KeepAlive(time, timeout, true);
    }

    /** Whether anybody is ever asked. */
    public boolean isOn() {
        return !time.equals(NEVER);
    }

    /** The duration, or {@link #NEVER} if it is even longer. */
    static Duration bounded(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0, or KeepAlive.NEVER)");
        }
        return duration.compareTo(NEVER) > 0 ? NEVER : duration;
    }
}
