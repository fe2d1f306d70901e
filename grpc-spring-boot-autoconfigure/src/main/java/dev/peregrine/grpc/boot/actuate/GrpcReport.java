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
     * A server.
     *
     * @param running whether it listens, or finishes its last calls
     * @param addresses where
     * @param services by full name, their methods by name
     * @param connections null if it does not run
     */
    record ServerReport(
            boolean running,
            List<String> addresses,
            Map<String, Map<String, MethodReport>> services,
            @Nullable ConnectionsReport connections) {}

    /**
     * A method that a server answers.
     *
     * @param kind {@code UNARY}, {@code CLIENT_STREAMING}, {@code SERVER_STREAMING} or {@code BIDI_STREAMING}
     * @param mode where it runs: {@code BLOCKING} or {@code EVENT_LOOP}
     * @param access who may call it; null where nobody is asked
     */
    record MethodReport(String kind, String mode, @Nullable String access) {}

    /**
     * A client.
     *
     * @param target what it calls
     * @param authority the name that its servers are asked for
     * @param state the connectivity state
     */
    record ClientReport(String target, String authority, String state, ConnectionsReport connections) {}

    /**
     * The connections of a server or a client.
     *
     * @param open how many are open
     * @param unresponsive how many of them did not answer, because their event loop is blocked
     * @param counts of these connections, and of earlier ones
     * @param shown as many as were asked for, the oldest first
     * @param next what {@code from} says for those that follow; null if none do
     */
    record ConnectionsReport(
            int open,
            int unresponsive,
            CountsReport counts,
            List<ConnectionReport> shown,
            @Nullable Long next) {}

    /**
     * How many calls there were.
     *
     * @param started all of them; those under way have neither succeeded nor failed
     * @param succeeded those that ended with OK
     * @param failed those that ended with anything else
     */
    record CountsReport(long started, long succeeded, long failed) {}

    /**
     * A connection.
     *
     * @param id counts up; a greater one is younger
     * @param remote the address at the other end
     * @param tls version and cipher suite; null for plaintext
     * @param draining whether it takes no more calls, and closes behind the last
     * @param counts of this connection
     * @param openCalls how many calls are open
     * @param calls these, as many as were asked for, the oldest first
     */
    record ConnectionReport(
            long id,
            String remote,
            String local,
            @Nullable String tls,
            String age,
            boolean draining,
            CountsReport counts,
            int openCalls,
            List<CallReport> calls) {}

    /**
     * A call that is open.
     *
     * @param method as {@code pkg.Service/Method}
     * @param age null for calls that we make
     * @param remaining what is left until the deadline, negative behind it; null if there is none
     */
    record CallReport(
            String method, @Nullable String age, @Nullable String remaining) {}
}
