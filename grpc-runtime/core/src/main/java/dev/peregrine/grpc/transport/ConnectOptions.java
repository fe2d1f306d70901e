// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a client channel asks of a transport.
 *
 * @param userAgent the value of the {@code user-agent} header
 * @param limits what a server may ask of this client
 * @param tls how to speak TLS, and with whom; null for plaintext
 */
public record ConnectOptions(
        String userAgent, Limits limits, @Nullable Tls tls) {

    /** This user agent with the defaults of everything else. */
    public static ConnectOptions of(String userAgent) {
        return new ConnectOptions(userAgent, Limits.DEFAULT, null);
    }

    /** These options with other limits. */
    public ConnectOptions withLimits(Limits limits) {
        return new ConnectOptions(userAgent, limits, tls);
    }

    /** These options with TLS; the server must be this authority, {@code host} or {@code host:port}. */
    public ConnectOptions withTls(TlsSource<ClientTls> source, String authority) {
        return new ConnectOptions(userAgent, limits, new Tls(source, authority));
    }

    /**
     * TLS with a server.
     *
     * @param source how to speak it
     * @param authority whose certificate the server must have: {@code host} or {@code host:port}, wherever it was found
     */
    public record Tls(TlsSource<ClientTls> source, String authority) {}
}
