// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.KeepAlive;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a peer that has been silent whether it is there, and gives the connection up if it does not answer
 * (keepalive.md).
 *
 * <pre>
 *   listening ── silent for the time, and calls are open ──▶ asked (PING) ── silent for the timeout ──▶ lost
 *       ▲                                                      │
 *       └──────────────── anything has come ───────────────────┘
 * </pre>
 *
 * <p>One timer, which looks when the peer was last heard: a frame costs no more than the note of the time that every read
 * makes.
 */
final class KeepAlivePings {

    /** Any number will do, as whatever comes is an answer; this one is "keepaliv" in ASCII. */
    static final long PAYLOAD = 0x6b656570616c6976L;

    private final Connection connection;
    private final KeepAlive policy;
    private final long timeNanos;
    private final StatusCode codeOfCalls;
    private final BooleanSupplier hasCalls;

    private @Nullable Future<?> timer;
    private long askedAt;

    /**
     * @param time how long a silence is allowed, if not as long as the policy says
     * @param codeOfCalls how calls end that are open when the peer does not answer
     * @param hasCalls whether anybody would miss the peer
     */
    KeepAlivePings(
            Connection connection, KeepAlive policy, Duration time, StatusCode codeOfCalls, BooleanSupplier hasCalls) {
        this.connection = connection;
        this.policy = policy;
        this.timeNanos = time.toNanos();
        this.codeOfCalls = codeOfCalls;
        this.hasCalls = hasCalls;
    }

    /** The handshake is done. */
    void start() {
        if (policy.isOn()) {
            connection.noteTimes();
            timer = connection.later(this::look, timeNanos);
        }
    }

    /** The connection ends. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void look() {
        long silent = connection.clock().nanos() - connection.heardAt();
        if (silent < timeNanos) {
            timer = connection.later(this::look, timeNanos - silent);
        } else if (!policy.withoutCalls() && !hasCalls.getAsBoolean()) {
            timer = connection.later(this::look, timeNanos);
        } else {
            askedAt = connection.clock().nanos();
            connection.output().ping(false, PAYLOAD);
            timer = connection.later(this::expectAnswer, policy.timeout().toNanos());
        }
    }

    private void expectAnswer() {
        if (connection.heardAt() - askedAt >= 0) {
            look();
            return;
        }
        connection
                .farewell()
                .abandon(Status.of(
                        codeOfCalls,
                        "keepalive: the peer was silent for " + Spans.text(Duration.ofNanos(timeNanos))
                                + " and did not answer a PING within " + Spans.text(policy.timeout())));
    }
}
