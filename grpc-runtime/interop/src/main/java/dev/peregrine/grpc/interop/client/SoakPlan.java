// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import java.time.Duration;

/**
 * How long and how hard the soak cases are, as the {@code soak_} flags of interop-test-descriptions.md tell.
 *
 * @param iterations calls over all threads
 * @param maxFailures how many of them may fail; being too slow is failing
 * @param maxLatency how long one may take, with its channel if it has one of its own
 * @param minTimeBetween from the start of one call to the start of the next on the same thread
 * @param overallTimeout after which no further call is started
 * @param requestSize of the payload, in bytes
 * @param responseSize of the payload, in bytes
 * @param threads that call at the same time
 */
public record SoakPlan(
        int iterations,
        int maxFailures,
        Duration maxLatency,
        Duration minTimeBetween,
        Duration overallTimeout,
        int requestSize,
        int responseSize,
        int threads) {

    /** The official defaults. */
    public static final SoakPlan DEFAULT = new SoakPlan(
            10,
            0,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(10),
            UnaryCases.REQUEST_SIZE,
            UnaryCases.RESPONSE_SIZE,
            1);

    /** This plan for machines that are busy with other things: nobody looks at the clock. */
    public SoakPlan patient() {
        return new SoakPlan(
                iterations,
                maxFailures,
                Duration.ofSeconds(20),
                minTimeBetween,
                Duration.ofSeconds(40),
                requestSize,
                responseSize,
                threads);
    }
}
