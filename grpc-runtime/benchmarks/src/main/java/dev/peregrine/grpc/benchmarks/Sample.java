// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.meter.Counters;
import org.jspecify.annotations.Nullable;

/**
 * What one contender's turn gave.
 *
 * @param calls calls that were answered
 * @param nanos how long they took, by the clock
 * @param server what the server's JVM used for them
 * @param client what the client's JVM used for them; null under a foreign client
 */
record Sample(
        long calls, long nanos, Counters server, @Nullable Counters client) {

    Sample {
        if (calls < 1 || nanos < 1) {
            throw new IllegalArgumentException(calls + " calls in " + nanos + " ns (expected: some)");
        }
    }
}
