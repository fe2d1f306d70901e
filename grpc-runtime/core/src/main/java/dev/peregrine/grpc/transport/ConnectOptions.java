// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

/**
 * What a client channel asks of a transport.
 *
 * @param userAgent the value of the {@code user-agent} header
 * @param limits what a server may ask of this client
 */
public record ConnectOptions(String userAgent, Limits limits) {

    /** This user agent with the defaults of everything else. */
    public static ConnectOptions of(String userAgent) {
        return new ConnectOptions(userAgent, Limits.DEFAULT);
    }

    /** These options with other limits. */
    public ConnectOptions withLimits(Limits limits) {
        return new ConnectOptions(userAgent, limits);
    }
}
