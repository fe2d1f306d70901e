// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.server.ConcurrencyLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much the server takes on, all methods together but for health checks. What is beyond is answered at once with
 * RESOURCE_EXHAUSTED, and told when to come back.
 *
 * @param maxConcurrentCalls Calls that are handled at once. Any number, if not set.
 * @param maxWaitingCalls Calls that may wait for others to end, beyond those. 0, if not set.
 * @param retryAfter When callers that are refused are told to come back. 1s, if not set.
 */
public record OverloadProperties(
        @Nullable Integer maxConcurrentCalls,
        @Nullable Integer maxWaitingCalls,
        @Nullable Duration retryAfter) {

    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * Refuses what the runtime would refuse, by the names that the properties have.
     *
     * @throws IllegalArgumentException if a value cannot be, or has no effect without another
     */
    public OverloadProperties {
        check("", maxConcurrentCalls, maxWaitingCalls, retryAfter);
    }

    /**
     * The check of this record, for all that have these three properties.
     *
     * @param where what the message begins with
     */
    static void check(String where, @Nullable Integer calls, @Nullable Integer waiting, @Nullable Duration retryAfter) {
        if (calls == null && (waiting != null || retryAfter != null)) {
            String set = waiting == null ? "retry-after: " + retryAfter : "max-waiting-calls: " + waiting;
            throw new IllegalArgumentException(
                    where + set + " has no effect without max-concurrent-calls (set that too, or remove this)");
        }
        if (calls != null && calls < 1) {
            throw new IllegalArgumentException(
                    where + "max-concurrent-calls: " + calls + " (expected: >= 1; not set for any number)");
        }
        if (waiting != null && waiting < 0) {
            throw new IllegalArgumentException(where + "max-waiting-calls: " + waiting + " (expected: >= 0)");
        }
        if (retryAfter != null && retryAfter.isNegative()) {
            throw new IllegalArgumentException(where + "retry-after: " + retryAfter + " (expected: >= 0)");
        }
    }

    @Nullable
    ConcurrencyLimit limit() {
        return maxConcurrentCalls == null ? null : limit(maxConcurrentCalls, maxWaitingCalls, retryAfter);
    }

    static ConcurrencyLimit limit(int calls, @Nullable Integer waiting, @Nullable Duration retryAfter) {
        return ConcurrencyLimit.of(calls, waiting == null ? 0 : waiting, retryAfter == null ? RETRY_AFTER : retryAfter);
    }
}
