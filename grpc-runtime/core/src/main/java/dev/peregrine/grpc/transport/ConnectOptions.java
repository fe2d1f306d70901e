// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a client channel asks of a transport. Immutable. */
public final class ConnectOptions {

    /** As long as gRPC for Java keeps an idle channel connected. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(30);

    /** connection-backoff.md: MIN_CONNECT_TIMEOUT. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final String userAgent;
    private final Values values;

    private ConnectOptions(String userAgent, Values values) {
        this.userAgent = userAgent;
        this.values = values;
    }

    /** This user agent with the defaults of everything else. */
    public static ConnectOptions of(String userAgent) {
        return new ConnectOptions(userAgent, new Values());
    }

    /** The value of the {@code user-agent} header. */
    public String userAgent() {
        return userAgent;
    }

    /** What a server may ask of this client. */
    public Limits limits() {
        return values.limits;
    }

    /** These options with other limits. */
    public ConnectOptions withLimits(Limits limits) {
        return with(changed -> changed.limits = limits);
    }

    /** Whether a silent server is asked if it is there; by default it is not. */
    public KeepAlive keepAlive() {
        return values.keepAlive;
    }

    /** These options with another keep-alive. */
    public ConnectOptions withKeepAlive(KeepAlive keepAlive) {
        return with(changed -> changed.keepAlive = keepAlive);
    }

    /** How long a connection is kept without calls; by default {@link #DEFAULT_IDLE_TIMEOUT}. */
    public Duration idleTimeout() {
        return values.idleTimeout;
    }

    /**
     * These options with another idle timeout.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public ConnectOptions withIdleTimeout(Duration idleTimeout) {
        Duration bounded = KeepAlive.bounded("idleTimeout", idleTimeout);
        return with(changed -> changed.idleTimeout = bounded);
    }

    /**
     * How long an address may take to accept a connection before the next one is tried; by default
     * {@link #DEFAULT_CONNECT_TIMEOUT}. What comes behind that, TLS and the first frames, {@link Limits#handshakeTimeout}
     * bounds.
     */
    public Duration connectTimeout() {
        return values.connectTimeout;
    }

    /**
     * These options with another connect timeout.
     *
     * @throws IllegalArgumentException if it is less than a millisecond, or more than a day
     */
    public ConnectOptions withConnectTimeout(Duration connectTimeout) {
        if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0 || connectTimeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "connectTimeout: " + connectTimeout + " (expected: a millisecond to a day)");
        }
        return with(changed -> changed.connectTimeout = connectTimeout);
    }

    /** How sockets are made. */
    public SocketOptions sockets() {
        return values.sockets;
    }

    /** These options with sockets made in another way. */
    public ConnectOptions withSockets(SocketOptions sockets) {
        return with(changed -> changed.sockets = sockets);
    }

    /** The way through a proxy; null, the default, goes straight to the server. */
    public @Nullable Tunnel tunnel() {
        return values.tunnel;
    }

    /** These options with a way through a proxy, or straight to the server. */
    public ConnectOptions withTunnel(@Nullable Tunnel tunnel) {
        return with(changed -> changed.tunnel = tunnel);
    }

    /** How to speak TLS, and with whom; null, the default, for plaintext. */
    public @Nullable Tls tls() {
        return values.tls;
    }

    /** These options with TLS; the server must be this authority, {@code host} or {@code host:port}. */
    public ConnectOptions withTls(TlsSource<ClientTls> source, String authority) {
        return with(changed -> changed.tls = new Tls(source, authority));
    }

    /**
     * The encodings that responses may have, as {@code grpc-accept-encoding} lists them; null, the default, to say nothing.
     * For transports that compress.
     */
    public @Nullable String acceptEncoding() {
        return values.acceptEncoding;
    }

    /** These options with another list of encodings. */
    public ConnectOptions withAcceptEncoding(@Nullable String acceptEncoding) {
        return with(changed -> changed.acceptEncoding = acceptEncoding);
    }

    private ConnectOptions with(Consumer<Values> change) {
        return new ConnectOptions(userAgent, values.with(change));
    }

    /**
     * TLS with a server.
     *
     * @param source how to speak it
     * @param authority whose certificate the server must have: {@code host} or {@code host:port}, wherever it was found
     */
    public record Tls(TlsSource<ClientTls> source, String authority) {}

    private static final class Values extends Settings<Values> {

        Limits limits = Limits.DEFAULT;
        KeepAlive keepAlive = KeepAlive.OFF;
        Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
        Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
        SocketOptions sockets = SocketOptions.DEFAULT;

        @Nullable
        Tunnel tunnel;

        @Nullable
        Tls tls;

        @Nullable
        String acceptEncoding;
    }
}
