// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.wire.ErrorCode;
import java.util.concurrent.TimeUnit;

/**
 * Sends clients away that ask more often than permitted whether their server is there (gRFC A8). What counts is the pings
 * since we last sent HEADERS or DATA: the first is always lawful, each further one has to keep its distance from the last
 * lawful one, and the third that does not is one too many.
 *
 * <p>So clients that measure their line with a PING for the DATA they received, as gRPC's do to size windows, are in no
 * danger: what they ping about has set the count back.
 */
final class PingEnforcement {

    private static final int MAX_STRIKES = 2;

    /** As often as TCP asks, which nobody can forbid. */
    private static final long WITHOUT_CALLS_NANOS = TimeUnit.HOURS.toNanos(2);

    private final long withCallsNanos;
    private final long withoutCallsNanos;

    private int answersSeen = -1;
    private long lastLawful;
    private int strikes;

    PingEnforcement(ConnectionPolicy policy) {
        withCallsNanos = policy.permittedPingTime().toNanos();
        withoutCallsNanos =
                policy.permitPingsWithoutCalls() ? withCallsNanos : Math.max(withCallsNanos, WITHOUT_CALLS_NANOS);
    }

    /**
     * A PING has come.
     *
     * @param calls whether a call is open
     * @param answersSent how many frames of HEADERS and DATA we have sent so far
     */
    void ping(long now, boolean calls, int answersSent) {
        if (answersSent != answersSeen) {
            answersSeen = answersSent;
            strikes = 0;
            lastLawful = now;
        } else if (now - lastLawful >= (calls ? withCallsNanos : withoutCallsNanos)) {
            lastLawful = now;
        } else if (++strikes > MAX_STRIKES) {
            throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings");
        }
    }
}
