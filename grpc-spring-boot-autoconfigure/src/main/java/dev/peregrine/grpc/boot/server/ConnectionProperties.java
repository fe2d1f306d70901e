// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Durations;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a server keeps its connections.
 *
 * @param maxIdleTime How long a connection may be without a call before it is closed. 0 never closes it for that.
 * @param maxAge How old a connection may become, give or take a tenth, so that clients come back and find new servers. 0
 * lets it become any age.
 * @param maxAgeGrace How long calls may go on behind that. As long as they like, if not set or 0.
 */
record ConnectionProperties(
        @DefaultValue("15m") Duration maxIdleTime,
        @DefaultValue("0") Duration maxAge,
        @Nullable Duration maxAgeGrace) {

    /**
     * As the runtime says it.
     *
     * @throws IllegalArgumentException if it cannot work with a value, which it names
     */
    ConnectionPolicy toPolicy(KeepAliveProperties keepAlive) {
        return ConnectionPolicy.DEFAULT
                .withKeepAlive(keepAlive.toKeepAlive())
                .withPermittedPings(
                        keepAlive.permit().time(), keepAlive.permit().withoutCalls())
                .withMaxIdle(Durations.zeroIsNever("connection.max-idle-time", maxIdleTime))
                .withMaxAge(
                        Durations.zeroIsNever("connection.max-age", maxAge),
                        maxAgeGrace == null
                                ? KeepAlive.NEVER
                                : Durations.zeroIsNever("connection.max-age-grace", maxAgeGrace));
    }
}
