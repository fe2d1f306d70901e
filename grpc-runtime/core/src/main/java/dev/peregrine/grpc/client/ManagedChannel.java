// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.naming.HostResolver;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.ClientTls;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.TlsSource;
import dev.peregrine.grpc.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A channel to one target that the application opens and closes. It connects when the first call is made, again when
 * the connection is lost, and is meant to be kept and shared: all calls to a target go through one connection.
 *
 * <pre>{@code
 * ManagedChannel channel = ManagedChannel.builder("localhost:9090").build();
 * HelloReply reply = Greeter.Client.create(channel).sayHello(request);
 * }</pre>
 */
public final class ManagedChannel implements Channel, AutoCloseable {

    private final Target target;
    private final String authority;
    private final ConnectionKeeper connections;
    private final Channel intercepted;

    private ManagedChannel(Builder builder) {
        this.target = builder.target;
        this.authority = builder.authority == null ? target.authority() : builder.authority;
        this.connections = new ConnectionKeeper(
                target,
                HostResolver::resolve,
                builder.transport().client(builder.connectOptions(authority)),
                new Backoff(
                        builder.initialBackoff,
                        () -> ThreadLocalRandom.current().nextDouble()),
                builder.limits.maxWaitingCalls());
        this.intercepted = InterceptedChannel.behind(builder.interceptors, new Wire());
    }

    /**
     * @param target {@code host:port}, {@code dns:///host:port} or {@code inprocess:name}
     * @throws IllegalArgumentException if the target is not understood
     */
    public static Builder builder(String target) {
        return new Builder(Target.parse(target));
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        return intercepted.newCall(method, options);
    }

    @Override
    public String authority() {
        return authority;
    }

    public ConnectivityState state() {
        return connections.state();
    }

    /** Connects now, if the channel is idle, instead of with the first call. */
    public void connect() {
        connections.connect();
    }

    /** Takes no more calls and closes when those under way have ended; returns at once. */
    public CompletionStage<Void> shutdown() {
        connections.shutdown(false);
        return connections.terminated().minimalCompletionStage();
    }

    /** Cancels every call and closes; returns at once. */
    public CompletionStage<Void> shutdownNow() {
        connections.shutdown(true);
        return connections.terminated().minimalCompletionStage();
    }

    /** Cancels every call, closes, and waits until it is done. */
    @Override
    public void close() {
        BlockingCalls.requireThreadThatMayWait("ManagedChannel.close");
        connections.shutdown(true);
        connections.terminated().join();
    }

    @Override
    public String toString() {
        return "ManagedChannel[" + target + ", " + state() + "]";
    }

    /** The channel behind all interceptors. */
    private final class Wire implements Channel {

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            List<ClientInterceptor> own = options.interceptors();
            if (own.isEmpty()) {
                return new OutgoingCall<>(method, options, authority, connections);
            }
            Channel inner = new Channel() {
                @Override
                public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> m, CallOptions o) {
                    return new OutgoingCall<>(m, o, authority, connections);
                }

                @Override
                public String authority() {
                    return authority;
                }
            };
            return InterceptedChannel.behind(own, inner).newCall(method, options);
        }

        @Override
        public String authority() {
            return authority;
        }
    }

    /** What a channel is made of; not safe for use by several threads at once. */
    public static final class Builder {

        private final Target target;
        private final List<ClientInterceptor> interceptors = new ArrayList<>();
        private Limits limits = Limits.DEFAULT;
        private KeepAlive keepAlive = KeepAlive.OFF;
        private Duration idleTimeout = ConnectOptions.DEFAULT_IDLE_TIMEOUT;
        private Duration initialBackoff = Duration.ofSeconds(1);
        private @Nullable String authority;
        private @Nullable String userAgent;
        private @Nullable TransportProvider transport;
        private @Nullable TlsSource<ClientTls> tls;

        private Builder(Target target) {
            this.target = target;
        }

        /**
         * Calls the server by this name in {@code :authority} instead of the target's; with TLS, this is the name that its
         * certificate must be made out to.
         */
        public Builder authority(String authority) {
            this.authority = Objects.requireNonNull(authority, "authority");
            return this;
        }

        /** Goes before the runtime's own product token in {@code user-agent}. */
        public Builder userAgent(String userAgent) {
            this.userAgent = Objects.requireNonNull(userAgent, "userAgent");
            return this;
        }

        /** Adds an interceptor for all calls; the one added first sees a call first. */
        public Builder interceptor(ClientInterceptor interceptor) {
            interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
            return this;
        }

        /** Replaces all limits; see {@link #limits(UnaryOperator)} to change some. */
        public Builder limits(Limits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** Changes limits: {@code limits(limits -> limits.withMaxMessageSize(16 << 20))}. */
        public Builder limits(UnaryOperator<Limits> change) {
            return limits(change.apply(limits));
        }

        /** The wait after the first failed attempt to connect; later ones grow from it. Default: one second. */
        public Builder initialBackoff(Duration initialBackoff) {
            this.initialBackoff = initialBackoff;
            return this;
        }

        /** Speaks TLS, and trusts the authorities that the Java runtime trusts. Default: plaintext. */
        public Builder tls() {
            return tls(ClientTls.systemRoots());
        }

        /** Speaks TLS. Default: plaintext. */
        public Builder tls(ClientTls tls) {
            return tls(TlsSource.of(tls));
        }

        /**
         * As {@link #tls(ClientTls)}, with settings that may be replaced while the channel is in use. A connection that is
         * open stays as it is; the next one is made by the new settings.
         */
        public Builder tls(TlsSource<ClientTls> tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /**
         * Whether a server that has been silent is asked if it is there, so that a connection which is dead is found out:
         * {@code keepAlive(KeepAlive.every(Duration.ofMinutes(5)))}. When no answer comes, calls end with UNAVAILABLE and
         * the channel connects again. A server that finds itself asked too often says so, and is asked half as often by
         * the later connections of the channel. Default: off.
         */
        public Builder keepAlive(KeepAlive keepAlive) {
            this.keepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
            return this;
        }

        /**
         * How long the channel stays connected without calls, or up to a quarter longer; the next call connects it again.
         * {@link KeepAlive#NEVER} keeps it connected for ever. Default: 30 minutes.
         */
        public Builder idleTimeout(Duration idleTimeout) {
            this.idleTimeout = Objects.requireNonNull(idleTimeout, "idleTimeout");
            return this;
        }

        /** How calls are carried; by default as the target says, over the network or within the process. */
        public Builder transport(TransportProvider transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        public ManagedChannel build() {
            return new ManagedChannel(this);
        }

        private TransportProvider transport() {
            if (transport != null) {
                return transport;
            }
            InProcessAddress inProcess = target.inProcess();
            return inProcess == null ? TransportProvider.network() : TransportProvider.reaching(inProcess);
        }

        private ConnectOptions connectOptions(String authority) {
            ConnectOptions options = ConnectOptions.of(userAgent())
                    .withLimits(limits)
                    .withKeepAlive(keepAlive)
                    .withIdleTimeout(idleTimeout);
            return tls == null ? options : options.withTls(tls, authority);
        }

        private String userAgent() {
            String own = "grpc-java-peregrine/" + RuntimeVersion.VERSION;
            return userAgent == null ? own : userAgent + ' ' + own;
        }
    }
}
