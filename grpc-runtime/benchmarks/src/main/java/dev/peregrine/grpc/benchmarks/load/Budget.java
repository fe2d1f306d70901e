// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import java.time.Duration;

/**
 * How much a run may do: it ends with whichever comes first.
 *
 * @param calls at most this many; or messages, where these are counted
 * @param time no call is started later than this
 */
public record Budget(long calls, Duration time) {

    public Budget {
        if (calls < 1) {
            throw new IllegalArgumentException("calls: " + calls + " (expected: >= 1)");
        }
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time: " + time + " (expected: > 0)");
        }
    }
}
