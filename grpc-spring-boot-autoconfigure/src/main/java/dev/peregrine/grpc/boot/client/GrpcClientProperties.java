// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.boot.Durations;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.SocketEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a client reaches its server. The same properties exist under {@code grpc.client.<name>} and under
 * {@code grpc.client.default}; what a name does not set, the default does: see {@link ClientSettings}.
 *
 * @param target Server to call, as host:port or dns:///host:port. Empty is the same as not set.
 * @param authority Name that the server is called by in :authority; with TLS, the name its certificate must be made out
 * to. Host and port of the target, if not set.
 * @param ssl Encryption.
 * @param deadline Time that a call may take, unless the caller sets a deadline. Unlimited, if not set or 0.
 * @param waitForReady Whether calls wait while the server cannot be reached, instead of failing with UNAVAILABLE.
 * @param limits Bounds on what the server may ask of us.
 * @param keepalive Asking a silent server whether it is still there.
 * @param idleTimeout Time without calls after which the connection is closed; the next call connects again. 0 never closes
 * it for that.
 * @param connectTimeout Time that one attempt to reach one address of the server may take.
 * @param initialBackoff Wait after the first failed attempt to connect; later ones grow from it.
 * @param compression Encoding that requests are compressed with, such as gzip. Not compressed, if not set.
 * @param encodings Encodings that compressed responses may have and requests may get: gzip, and those of MessageEncoding
 * beans. All of them, if not set; none, if empty.
 * @param userAgent Product token that goes before the runtime's own in user-agent. Name of the application, if not set.
 * @param metadata Metadata that is sent with every call, by key, in which case does not matter; values of keys that end in
 * -bin are base64. A key without a value is not sent.
 * @param proxy HTTP proxy to connect through.
 * @param transport Sockets to use. Those that -Dperegrine.transport names or the best that work, if not set.
 * @param interceptors Names of the ClientInterceptor beans for this client, in addition to the global ones.
 * @param globalInterceptors Whether the beans annotated with @GrpcGlobalClientInterceptor see this client's calls.
 * @param propagate What calls made while a call is answered take over from it.
 * @param shutdown Ending with the application.
 */
@ConfigurationProperties("grpc.client.default")
record GrpcClientProperties(
        @Nullable String target,
        @Nullable String authority,
        @DefaultValue Ssl ssl,
        @Nullable Duration deadline,
        @DefaultValue("false") boolean waitForReady,
        @NestedConfigurationProperty @DefaultValue ClientLimitsProperties limits,
        @DefaultValue Keepalive keepalive,
        @DefaultValue("30m") Duration idleTimeout,
        @DefaultValue("20s") Duration connectTimeout,
        @DefaultValue("1s") Duration initialBackoff,
        @Nullable String compression,
        @Nullable List<String> encodings,
        @Nullable String userAgent,
        @DefaultValue Map<String, String> metadata,
        @DefaultValue Proxy proxy,
        @Nullable SocketEngine transport,
        @DefaultValue List<String> interceptors,
        @DefaultValue("true") boolean globalInterceptors,
        @DefaultValue Propagate propagate,
        @DefaultValue Shutdown shutdown) {

    GrpcClientProperties {
        target = filled(target);
        authority = filled(authority);
        compression = filled(compression);
        userAgent = filled(userAgent);
        if (deadline != null) {
            Durations.zeroIsNever("deadline", deadline);
            deadline = deadline.isZero() ? null : deadline;
        }
        idleTimeout = Durations.zeroIsNever("idle-timeout", idleTimeout);
        Durations.upToADay("connect-timeout", connectTimeout);
        Durations.upToADay("initial-backoff", initialBackoff);
        encodings = encodings == null ? null : List.copyOf(encodings);
        limits.toLimits();
        metadata = StaticMetadata.withoutTwins(metadata);
        StaticMetadata.of(metadata);
    }

    /** Empty is not set: so a client takes back what is set for all, or a placeholder leaves open what it stands for. */
    private static @Nullable String filled(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    Metadata staticMetadata() {
        return StaticMetadata.of(metadata);
    }

    /**
     * Encryption.
     *
     * @param enabled Whether calls are encrypted. True if a bundle is set, else false.
     * @param bundle SSL bundle with the authorities to trust and, for servers that ask, our certificate. Authorities that
     * the Java runtime trusts, if not set.
     * @param provider Implementation of TLS.
     */
    record Ssl(
            @Nullable Boolean enabled,
            @Nullable String bundle,
            @DefaultValue("automatic") TlsProvider provider) {

        Ssl {
            bundle = filled(bundle);
        }

        boolean isOn() {
            return enabled != null ? enabled : bundle != null;
        }
    }

    /**
     * Asking a silent server whether it is there.
     *
     * @param time How long the server may be silent before it is asked; at least 10s. Never asked, if not set or 0.
     * @param timeout How long the server may take to answer before the connection counts as lost.
     * @param withoutCalls Whether the server is asked even while no call is open.
     */
    record Keepalive(
            @Nullable Duration time,
            @DefaultValue("20s") Duration timeout,
            @DefaultValue("false") boolean withoutCalls) {

        Keepalive {
            settings(time, timeout, withoutCalls);
        }

        KeepAlive settings() {
            return settings(time, timeout, withoutCalls);
        }

        private static KeepAlive settings(@Nullable Duration time, Duration timeout, boolean withoutCalls) {
            return Durations.keepAlive(time == null ? Duration.ZERO : time, timeout, withoutCalls);
        }
    }

    /**
     * The HTTP proxy on the way to the server; none, if it has no host.
     *
     * @param host Name or address of the proxy.
     * @param port Port of the proxy.
     * @param user User to introduce ourselves with.
     * @param password Password of the user; it travels to the proxy in the clear.
     * @param fromEnvironment Whether the variables grpc_proxy, https_proxy, http_proxy and no_proxy count, if no host is set.
     */
    record Proxy(
            @Nullable String host,
            @DefaultValue("3128") int port,
            @Nullable String user,
            @Nullable String password,
            @DefaultValue("false") boolean fromEnvironment) {

        Proxy {
            host = filled(host);
            user = filled(user);
            password = user == null ? filled(password) : password;
            if (host != null) {
                new HttpProxy(host, port, user, password);
            }
        }

        @Nullable
        HttpProxy settings() {
            return host == null ? null : new HttpProxy(host, port, user, password);
        }

        @Override
        public String toString() {
            return String.valueOf(settings());
        }
    }

    /**
     * What a call takes over from the one being answered.
     *
     * @param deadline Whether a call has no more time than the call being answered.
     * @param cancellation Whether a call is cancelled with the call being answered.
     */
    record Propagate(
            @DefaultValue("true") boolean deadline,
            @DefaultValue("true") boolean cancellation) {}

    /**
     * The end of a client.
     *
     * @param gracePeriod How long calls under way may go on when the application stops and the beans that use the client
     * are gone. Those that remain are cancelled then.
     */
    record Shutdown(@DefaultValue("5s") Duration gracePeriod) {

        Shutdown {
            if (gracePeriod.isNegative()) {
                throw new IllegalArgumentException("shutdown.grace-period: " + gracePeriod + " (expected: >= 0)");
            }
        }
    }
}
