// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a client channel asks of a transport.
 *
 * @param userAgent the value of the {@code user-agent} header
 * @param limits what a server may ask of this client
 * @param acceptEncoding the encodings that responses may have, as {@code grpc-accept-encoding} lists them; null to say
 *     nothing. For transports that compress
 */
public record ConnectOptions(
        String userAgent, Limits limits, @Nullable String acceptEncoding) {

    /** This user agent with the defaults of everything else. */
    public static ConnectOptions of(String userAgent) {
        return new ConnectOptions(userAgent, Limits.DEFAULT, null);
    }

    /** These options with other limits. */
    public ConnectOptions withLimits(Limits limits) {
        return new ConnectOptions(userAgent, limits, acceptEncoding);
    }

    /** These options with another list of encodings. */
    public ConnectOptions withAcceptEncoding(@Nullable String acceptEncoding) {
        return new ConnectOptions(userAgent, limits, acceptEncoding);
    }
}
