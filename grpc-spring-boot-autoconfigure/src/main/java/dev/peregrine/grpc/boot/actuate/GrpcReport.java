// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.actuate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /actuator/grpc} answers; {@code docs/operations.md} describes it. Durations are written as ISO 8601 does, such
 * as {@code PT1.5S}.
 *
 * @param servers by name
 * @param clients by name; those that have been used
 */
record GrpcReport(Map<String, ServerReport> servers, Map<String, ClientReport> clients) {

    /**
     * @param running whether it listens, or finishes its last calls
     * @param addresses where
     * @param services by full name
     */
    record ServerReport(
            boolean running,
            List<String> addresses,
            Map<String, Map<String, MethodReport>> services,
            @Nullable ConnectionsReport connections) {}

    /**
     * @param kind {@code UNARY}, {@code CLIENT_STREAMING}, {@code SERVER_STREAMING} or {@code BIDI_STREAMING}
     * @param mode where it runs: {@code BLOCKING} or {@code EVENT_LOOP}
     */
    record MethodReport(String kind, String mode) {}

    /**
     * @param state the connectivity state
     */
    record ClientReport(String target, String authority, String state, ConnectionsReport connections) {}

    /**
     * @param open how many are open
     * @param silent how many of them did not answer, because their event loop is blocked
     * @param calls of these connections, and of earlier ones
     * @param shown as many as were asked for, the oldest first
     * @param next what {@code from} says for those that follow; null if none do
     */
    record ConnectionsReport(
            int open,
            int silent,
            CallsReport calls,
            List<ConnectionReport> shown,
            @Nullable Long next) {}

    record CallsReport(long started, long succeeded, long failed) {}

    /**
     * @param tls version and cipher suite; null for plaintext
     * @param live its open calls, as many as were asked for, the oldest first
     */
    record ConnectionReport(
            long id,
            String remote,
            String local,
            @Nullable String tls,
            String age,
            boolean draining,
            CallsReport calls,
            int openCalls,
            List<CallReport> live) {}

    /**
     * @param age null for calls that we make
     * @param deadlineIn what is left until the deadline; null if there is none
     */
    record CallReport(
            String method, @Nullable String age, @Nullable String deadlineIn) {}
}
