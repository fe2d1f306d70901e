// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How sockets are made, at either end.
 *
 * @param engine what carries them; null takes what {@code -Dperegrine.transport} names, else the best that works here
 * @param userTimeout how long sent bytes may stay unacknowledged before the kernel gives the connection up
 *     (TCP_USER_TIMEOUT); zero leaves it to the kernel. gRFC A18: the keep-alive timeout (20 s by default) where
 *     keep-alive is on, else zero. Epoll and io_uring have it, elsewhere it does nothing
 */
public record SocketOptions(@Nullable SocketEngine engine, Duration userTimeout) {

    public static final SocketOptions DEFAULT = new SocketOptions(null, Duration.ZERO);

    public SocketOptions {
        Objects.requireNonNull(userTimeout, "userTimeout");
        if (userTimeout.isNegative() || userTimeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "userTimeout: " + userTimeout + " (expected: 0 to " + Integer.MAX_VALUE + " ms)");
        }
    }

    /** These options with sockets of this engine. */
    public SocketOptions withEngine(SocketEngine engine) {
        return new SocketOptions(Objects.requireNonNull(engine, "engine"), userTimeout);
    }

    /** These options with another {@code userTimeout}. */
    public SocketOptions withUserTimeout(Duration userTimeout) {
        return new SocketOptions(engine, userTimeout);
    }
}
