// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.server.ConcurrencyLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * An entry of {@code grpc.server.methods}. What it does not set is taken from the next entry that matches, or else is as for
 * the whole server.
 *
 * @param match Methods that this holds for, as pkg.Service/Method, pkg.Service, pkg.* or *.
 * @param defaultDeadline Time for calls whose caller sets no deadline.
 * @param maxDeadline The most time that a call gets, whatever its caller allows.
 * @param maxConcurrentCalls Calls that are handled at once, of all methods together that take this from here.
 * @param maxWaitingCalls Calls that may wait for others to end, beyond those. 0, if not set.
 * @param retryAfter When callers that are refused are told to come back. 1s, if not set.
 * @param maxMessageSize Largest request message.
 * @param compression Encoding of responses, if the caller reads it, such as gzip; identity for none.
 * @param executor Name of the Executor bean that they run on if they block, whatever their service says.
 */
public record MethodPolicyProperties(
        String match,
        @Nullable Duration defaultDeadline,
        @Nullable Duration maxDeadline,
        @Nullable Integer maxConcurrentCalls,
        @Nullable Integer maxWaitingCalls,
        @Nullable Duration retryAfter,
        @Nullable DataSize maxMessageSize,
        @Nullable String compression,
        @Nullable String executor) {

    public MethodPolicyProperties {
        if (match == null || match.isBlank()) {
            throw new IllegalArgumentException(
                    "match is missing (expected: pkg.Service/Method, pkg.Service, pkg.* or *)");
        }
        match = match.strip();
        executor = executor == null || executor.isBlank() ? null : executor;
        MethodPattern.of(match);
        String where = "match '" + match + "': ";
        OverloadProperties.check(where, maxConcurrentCalls, maxWaitingCalls, retryAfter);
        requirePositive(where + "default-deadline", defaultDeadline);
        requirePositive(where + "max-deadline", maxDeadline);
        if (maxMessageSize != null) {
            Bytes.of(where + "max-message-size", maxMessageSize);
        }
        compression = compression == null || compression.isBlank() ? null : compression;
    }

    private static void requirePositive(String property, @Nullable Duration time) {
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException(property + ": " + time + " (expected: > 0; not set for none)");
        }
    }

    @Nullable
    ConcurrencyLimit limit() {
        return maxConcurrentCalls == null
                ? null
                : OverloadProperties.limit(maxConcurrentCalls, maxWaitingCalls, retryAfter);
    }
}
