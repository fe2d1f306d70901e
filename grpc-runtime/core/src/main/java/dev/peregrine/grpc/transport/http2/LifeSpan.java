// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ends a server's connection that has become too old (gRFC A9): tells the client to open its next calls elsewhere, and after
 * the grace ends the calls that are still open.
 */
final class LifeSpan {

    /** gRFC A9: give or take a tenth, or clients that came together would come back together for ever. */
    private static final double JITTER = 0.1;

    private final Connection connection;
    private final ServerRole role;
    private final ConnectionPolicy policy;
    private @Nullable Future<?> timer;

    LifeSpan(Connection connection, ServerRole role, ConnectionPolicy policy) {
        this.connection = connection;
        this.role = role;
        this.policy = policy;
    }

    /** The handshake is done. */
    void start() {
        if (!policy.maxAge().equals(KeepAlive.NEVER)) {
            double chance = ThreadLocalRandom.current().nextDouble();
            timer = connection.later(this::tooOld, jittered(policy.maxAge().toNanos(), chance));
        }
    }

    /** The connection ends. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /**
     * @param chance evenly distributed over [0, 1)
     */
    static long jittered(long nanos, double chance) {
        return (long) (nanos * (1 - JITTER + 2 * JITTER * chance));
    }

    private void tooOld() {
        role.drain("max_age");
        if (!policy.maxAgeGrace().equals(KeepAlive.NEVER)) {
            timer = connection.later(
                    () -> role.shutdownNow("the connection has reached its greatest age, and its grace is over"),
                    policy.maxAgeGrace().toNanos());
        }
    }
}
