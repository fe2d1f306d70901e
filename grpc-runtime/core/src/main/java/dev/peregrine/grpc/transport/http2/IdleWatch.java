// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.KeepAlive;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a connection has been without calls for some time. It looks four times in that time instead of being told
 * of each call: a call costs nothing, and idleness is noticed up to a quarter late.
 */
final class IdleWatch {

    private static final int LOOKS = 4;

    private final Connection connection;
    private final Role role;
    private final Duration timeout;
    private final Runnable onIdle;

    private @Nullable Future<?> timer;
    private int callsSeen;
    private int quietLooks;

    /**
     * @param onIdle told once
     */
    IdleWatch(Connection connection, Role role, Duration timeout, Runnable onIdle) {
        this.connection = connection;
        this.role = role;
        this.timeout = timeout;
        this.onIdle = onIdle;
    }

    /** The handshake is done. */
    void start() {
        if (!timeout.equals(KeepAlive.NEVER)) {
            callsSeen = role.lastStreamId();
            lookLater();
        }
    }

    /** The connection ends. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void lookLater() {
        timer = connection.later(this::look, Math.max(1, timeout.toNanos() / LOOKS));
    }

    private void look() {
        int calls = role.lastStreamId();
        boolean quiet = calls == callsSeen && role.isIdle();
        callsSeen = calls;
        quietLooks = quiet ? quietLooks + 1 : 0;
        if (quietLooks == LOOKS) {
            onIdle.run();
        } else {
            lookLater();
        }
    }
}
