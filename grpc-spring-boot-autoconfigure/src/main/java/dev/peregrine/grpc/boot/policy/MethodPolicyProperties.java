// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.server.MethodOptions;
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
 */
public record MethodPolicyProperties(
        String match,
        @Nullable Duration defaultDeadline,
        @Nullable Duration maxDeadline,
        @Nullable Integer maxConcurrentCalls,
        @Nullable Integer maxWaitingCalls,
        @Nullable Duration retryAfter,
        @Nullable DataSize maxMessageSize,
        @Nullable String compression) {

    public MethodPolicyProperties {
        if (match == null || match.isBlank()) {
            throw new IllegalArgumentException(
                    "match is missing (expected: pkg.Service/Method, pkg.Service, pkg.* or *)");
        }
        match = match.strip();
        if (maxConcurrentCalls == null && (maxWaitingCalls != null || retryAfter != null)) {
            throw new IllegalArgumentException("'" + match
                    + "' has max-waiting-calls or retry-after, which mean nothing" + " without max-concurrent-calls");
        }
        if (maxConcurrentCalls != null) {
            OverloadProperties.limit(maxConcurrentCalls, maxWaitingCalls, retryAfter);
        }
        if (defaultDeadline != null) {
            MethodOptions.DEFAULT.withDefaultDeadline(defaultDeadline);
        }
        if (maxDeadline != null) {
            MethodOptions.DEFAULT.withMaxDeadline(maxDeadline);
        }
        if (maxMessageSize != null) {
            Bytes.of("max-message-size", maxMessageSize);
        }
    }
}
