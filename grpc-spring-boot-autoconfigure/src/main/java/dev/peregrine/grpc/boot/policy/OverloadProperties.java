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

    public OverloadProperties {
        if (maxConcurrentCalls == null && (maxWaitingCalls != null || retryAfter != null)) {
            throw new IllegalArgumentException(
                    "max-waiting-calls and retry-after mean nothing without max-concurrent-calls");
        }
        if (maxConcurrentCalls != null) {
            limit(maxConcurrentCalls, maxWaitingCalls, retryAfter);
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
