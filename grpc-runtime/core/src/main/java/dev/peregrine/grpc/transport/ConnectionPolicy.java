// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import static dev.peregrine.grpc.transport.KeepAlive.NEVER;

import java.time.Duration;

/**
 * How long a server keeps its connections (gRFC A9), and what it makes of silence on them and of clients that ask too often
 * whether it is there (gRFC A8). {@link KeepAlive#NEVER} switches a duration off; change one with its {@code with} method.
 * Ends come gently: the client is told to open its next calls elsewhere, and calls that are open may finish.
 *
 * @param keepAlive when a silent client is asked whether it is there (default: after 2 hours, with 20 seconds to answer,
 *     with and without calls)
 * @param permittedPingTime how long a client must wait between two such questions of its own (default 5 minutes, zero
 *     permits any); whoever asks sooner three times without an answer to a call in between is sent away with ENHANCE_YOUR_CALM "too_many_pings"
 * @param permitPingsWithoutCalls whether a client may ask so while it has no call open (default: no, but for once in two
 *     hours)
 * @param maxIdle how long a connection may be without a call before it is closed, or up to a quarter longer (default 15
 *     minutes): an idle client costs memory and a socket, and says nothing by which a hostile one can be told from it
 * @param maxAge how old a connection may become, give or take a tenth by chance, so that clients come back and find new
 *     servers (default: never too old)
 * @param maxAgeGrace how long calls may go on behind that (default: as long as they like)
 */
public record ConnectionPolicy(
        KeepAlive keepAlive,
        Duration permittedPingTime,
        boolean permitPingsWithoutCalls,
        Duration maxIdle,
        Duration maxAge,
        Duration maxAgeGrace) {

    public static final ConnectionPolicy DEFAULT = new ConnectionPolicy(
            KeepAlive.every(Duration.ofHours(2)).evenWithoutCalls(),
            Duration.ofMinutes(5),
            false,
            Duration.ofMinutes(15),
            NEVER,
            NEVER);

    public ConnectionPolicy {
        if (!permittedPingTime.isZero()) {
            permittedPingTime = KeepAlive.bounded("permittedPingTime", permittedPingTime);
        }
        maxIdle = KeepAlive.bounded("maxIdle", maxIdle);
        maxAge = KeepAlive.bounded("maxAge", maxAge);
        maxAgeGrace = KeepAlive.bounded("maxAgeGrace", maxAgeGrace);
    }

    /** This policy with another {@code keepAlive}. */
    public ConnectionPolicy withKeepAlive(KeepAlive keepAlive) {
        return new ConnectionPolicy(
                keepAlive, permittedPingTime, permitPingsWithoutCalls, maxIdle, maxAge, maxAgeGrace);
    }

    /** This policy with another {@code permittedPingTime} and {@code permitPingsWithoutCalls}. */
    public ConnectionPolicy withPermittedPings(Duration time, boolean withoutCalls) {
        return new ConnectionPolicy(keepAlive, time, withoutCalls, maxIdle, maxAge, maxAgeGrace);
    }

    /** This policy with another {@code maxIdle}. */
    public ConnectionPolicy withMaxIdle(Duration maxIdle) {
        return new ConnectionPolicy(
                keepAlive, permittedPingTime, permitPingsWithoutCalls, maxIdle, maxAge, maxAgeGrace);
    }

    /** This policy with another {@code maxAge} and {@code maxAgeGrace}. */
    public ConnectionPolicy withMaxAge(Duration maxAge, Duration grace) {
        return new ConnectionPolicy(keepAlive, permittedPingTime, permitPingsWithoutCalls, maxIdle, maxAge, grace);
    }
}
