// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client channel asks of a transport.
 *
 * @param userAgent the value of the {@code user-agent} header
 * @param limits what a server may ask of this client
 * @param keepAlive whether a silent server is asked if it is there
 * @param idleTimeout how long a connection is kept without calls
 * @param sockets how sockets are made
 * @param tunnel the way through a proxy; null goes straight to the server
 * @param tls how to speak TLS, and with whom; null for plaintext
 * @param acceptEncoding the encodings that responses may have, as {@code grpc-accept-encoding} lists them; null to say
 *     nothing. For transports that compress
 */
public record ConnectOptions(
        String userAgent,
        Limits limits,
        KeepAlive keepAlive,
        Duration idleTimeout,
        SocketOptions sockets,
        @Nullable Tunnel tunnel,
        @Nullable Tls tls,
        @Nullable String acceptEncoding) {

    /** As long as gRPC for Java keeps an idle channel connected. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(30);

    public ConnectOptions {
        idleTimeout = KeepAlive.bounded("idleTimeout", idleTimeout);
    }

    /** This user agent with the defaults of everything else. */
    public static ConnectOptions of(String userAgent) {
        return new ConnectOptions(
                userAgent,
                Limits.DEFAULT,
                KeepAlive.OFF,
                DEFAULT_IDLE_TIMEOUT,
                SocketOptions.DEFAULT,
                null,
                null,
                null);
    }

    /** These options with other limits. */
    public ConnectOptions withLimits(Limits limits) {
        return new ConnectOptions(userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, tls, acceptEncoding);
    }

    /** These options with another keep-alive. */
    public ConnectOptions withKeepAlive(KeepAlive keepAlive) {
        return new ConnectOptions(userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, tls, acceptEncoding);
    }

    /** These options with another idle timeout. */
    public ConnectOptions withIdleTimeout(Duration idleTimeout) {
        return new ConnectOptions(userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, tls, acceptEncoding);
    }

    /** These options with sockets made in another way. */
    public ConnectOptions withSockets(SocketOptions sockets) {
        return new ConnectOptions(userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, tls, acceptEncoding);
    }

    /** These options with a way through a proxy, or straight to the server. */
    public ConnectOptions withTunnel(@Nullable Tunnel tunnel) {
        return new ConnectOptions(userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, tls, acceptEncoding);
    }

    /** These options with TLS; the server must be this authority, {@code host} or {@code host:port}. */
    public ConnectOptions withTls(TlsSource<ClientTls> source, String authority) {
        return new ConnectOptions(
                userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, new Tls(source, authority), acceptEncoding);
    }

    /** These options with another list of encodings. */
    public ConnectOptions withAcceptEncoding(@Nullable String acceptEncoding) {
        return new ConnectOptions(userAgent, limits, keepAlive, idleTimeout, sockets, tunnel, tls, acceptEncoding);
    }

    /**
     * TLS with a server.
     *
     * @param source how to speak it
     * @param authority whose certificate the server must have: {@code host} or {@code host:port}, wherever it was found
     */
    public record Tls(TlsSource<ClientTls> source, String authority) {}
}
