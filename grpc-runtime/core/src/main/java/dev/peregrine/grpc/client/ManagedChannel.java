// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.naming.HostResolver;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.observe.ChannelSnapshot;
import dev.peregrine.grpc.observe.ObservedId;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.SocketOptions;
import dev.peregrine.grpc.transport.TransportProvider;
import dev.peregrine.grpc.transport.Tunnel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
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
    private final Subchannel connections;
    private final Channel intercepted;
    private final ClientTransport transport;
    private final long id = ObservedId.next();

    private ManagedChannel(Builder builder) {
        this.target = builder.target;
        this.authority = builder.authority == null ? target.authority() : builder.authority;
        TransportProvider provider = builder.transport();
        boolean compresses = provider.compresses();
        CompressionPolicy compression = builder.compressionPolicy();
        this.transport = provider.client(builder.connectOptions(authority)
                .withAcceptEncoding(compresses ? compression.encodings().names() : null));
        this.connections = new Subchannel(
                target,
                builder.resolver(),
                transport,
                new Backoff(
                        builder.initialBackoff,
                        () -> ThreadLocalRandom.current().nextDouble()),
                builder.limits);
        Channel calls = new OutgoingCalls(authority, builder.isPrivate(), connections, compression, compresses);
        this.intercepted = InterceptedChannel.behind(builder.interceptors, new OwnInterceptors(calls));
    }

    /**
     * @param target {@code host:port}, {@code dns:///host:port}, {@code unix:/run/x.sock}, {@code unix-abstract:x} or
     *     {@code inprocess:name}; see {@link Target}
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

    @Override
    public boolean isPrivate() {
        return intercepted.isPrivate();
    }

    /**
     * What the channel's connection is doing at this moment; it may be something else by the time the caller looks at it. SHUTDOWN
     * from {@link #shutdown} on, also while calls under way go on.
     */
    public ConnectivityState state() {
        return connections.state();
    }

    /**
     * A picture of this channel, its connections and its open calls, taken now. Nothing stops for it.
     *
     * @return done when every connection was asked, within about a second
     */
    public CompletionStage<ChannelSnapshot> snapshot(SnapshotPage page) {
        return transport
                .snapshot(page)
                .thenApply(connections ->
                        new ChannelSnapshot(id, target.toString(), authority, state().name(), connections));
    }

    /** Connects now, if the channel is idle, instead of with the first call. */
    public void connect() {
        connections.connect();
    }

    /**
     * Takes no more calls, which fail with UNAVAILABLE, and closes when those that were made have ended; returns at once. Those
     * that wait for a connection, or for a server that takes no more at once, go on to wait: it is their deadlines that end
     * them, or {@link #shutdownNow}.
     *
     * @return completes when the last connection is closed
     */
    public CompletionStage<Void> shutdown() {
        connections.shutdown(false);
        return connections.terminated().minimalCompletionStage();
    }

    /**
     * Ends every call, those that wait for a connection with UNAVAILABLE and the others with CANCELLED, and closes; returns at
     * once.
     *
     * @return completes when the last connection is closed
     */
    public CompletionStage<Void> shutdownNow() {
        connections.shutdown(true);
        return connections.terminated().minimalCompletionStage();
    }

    /**
     * As {@link #shutdownNow}, and waits until it is done.
     *
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
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

    /** What a channel is made of; not safe for use by several threads at once. */
    public static final class Builder {

        private final Target target;
        private final List<ClientInterceptor> interceptors = new ArrayList<>();
        private Limits limits = Limits.DEFAULT;
        private KeepAlive keepAlive = KeepAlive.OFF;
        private Duration idleTimeout = ConnectOptions.DEFAULT_IDLE_TIMEOUT;
        private Duration connectTimeout = ConnectOptions.DEFAULT_CONNECT_TIMEOUT;
        private Duration initialBackoff = Duration.ofSeconds(1);
        private @Nullable String authority;
        private @Nullable String userAgent;
        private SocketOptions sockets = SocketOptions.DEFAULT;
        private @Nullable HttpProxy proxy;
        private @Nullable TransportProvider transport;
        private MessageEncodings encodings = MessageEncodings.DEFAULT;
        private @Nullable String compression;
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

        /**
         * How long an address of the server may take to accept a connection before the next one is tried. What comes behind
         * that, TLS and the first frames, {@link Limits#handshakeTimeout} bounds. From a millisecond to a day; default: 20 seconds.
         */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = Objects.requireNonNull(connectTimeout, "connectTimeout");
            return this;
        }

        /**
         * The wait after the first failed attempt to connect; later ones grow from it. Default: one second.
         *
         * @throws IllegalArgumentException if it is not more than nothing, or more than a day
         */
        public Builder initialBackoff(Duration initialBackoff) {
            this.initialBackoff = Backoff.requireInitial(initialBackoff);
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

        /** What sockets are made of; by default what {@code -Dperegrine.transport} names, else the best that works. */
        public Builder socketEngine(SocketEngine engine) {
            this.sockets = sockets.withEngine(engine);
            return this;
        }

        /** Connects through this proxy, which is told the target and looks it up. Default: none. */
        public Builder proxy(HttpProxy proxy) {
            this.proxy = Objects.requireNonNull(proxy, "proxy");
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

        /**
         * Connects through the proxy that the environment names for the target, if it names one: {@code grpc_proxy},
         * {@code https_proxy} or {@code http_proxy}, unless {@code no_grpc_proxy} or {@code no_proxy} makes an exception; {@code
         * docs/transports.md} has the rules. Never for unix sockets and the machine itself.
         *
         * @throws IllegalArgumentException if the variable is no {@code http://[user:password@]host:port}
         */
        public Builder proxyFromEnvironment() {
            this.proxy = new ProxyEnvironment(System.getenv()).proxyFor(target);
            return this;
        }

        /** How calls are carried; by default as the target says, over the network or within the process. */
        public Builder transport(TransportProvider transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Changes the encodings that requests and responses may be compressed with; the channel offers them to servers.
         * Default: gzip. {@code encodings(encodings -> MessageEncodings.NONE)} asks servers not to compress.
         */
        public Builder encodings(UnaryOperator<MessageEncodings> change) {
            this.encodings = change.apply(encodings);
            return this;
        }

        /**
         * Compresses the requests of calls whose options name no encoding. Default: null, not to compress. Servers that
         * cannot read it answer UNIMPLEMENTED.
         */
        public Builder compression(@Nullable String encoding) {
            this.compression = encoding;
            return this;
        }

        /**
         * @throws IllegalArgumentException if the encoding of {@link #compression} is none of {@link #encodings}, or a time is
         *     out of its bounds
         * @throws IllegalStateException if the chosen sockets do not work on this machine, a proxy was chosen for a unix socket or
         *     a server of this process, or TLS for the latter
         */
        public ManagedChannel build() {
            if (tls != null && target instanceof Target.InProcess) {
                throw new IllegalStateException("TLS was chosen for " + target + ", but calls within a process are not"
                        + " encrypted; leave out tls() for such targets");
            }
            if (proxy != null && !(target instanceof Target.Host)) {
                throw new IllegalStateException("no proxy leads to " + target + ", but " + proxy + " was chosen");
            }
            return new ManagedChannel(this);
        }

        /** A proxy sees no more of TLS than any other machine on the way: it is ended by the server. */
        private boolean isPrivate() {
            return tls != null || !(target instanceof Target.Host);
        }

        private CompressionPolicy compressionPolicy() {
            return new CompressionPolicy(encodings, compression, limits.maxMessageSize(), limits.maxCompressionRatio());
        }

        private TransportProvider transport() {
            if (transport != null) {
                return transport;
            }
            return target instanceof Target.InProcess within
                    ? TransportProvider.reaching(within.address())
                    : TransportProvider.network();
        }

        private ConnectOptions connectOptions(String authority) {
            ConnectOptions options = ConnectOptions.of(userAgent())
                    .withLimits(limits)
                    .withKeepAlive(keepAlive)
                    .withIdleTimeout(idleTimeout)
                    .withConnectTimeout(connectTimeout)
                    // gRFC A18: a kernel that waits longer for acknowledgements would keep a dead connection's calls
                    // waiting.
                    .withSockets(keepAlive.isOn() ? sockets.withUserTimeout(keepAlive.timeout()) : sockets)
                    .withTunnel(proxy == null ? null : new Tunnel(proxy, target.authority()));
            return tls == null ? options : options.withTls(tls, authority);
        }

        /** Where connections are made to; gRFC A1, case 1: the proxy's addresses instead of the server's. */
        private Function<Target, CompletionStage<List<SocketAddress>>> resolver() {
            if (proxy == null) {
                return HostResolver::resolve;
            }
            Target instead = new Target.Host(proxy.host(), proxy.port());
            return server -> HostResolver.resolve(instead);
        }

        private String userAgent() {
            String own = "grpc-java-peregrine/" + RuntimeVersion.VERSION;
            return userAgent == null ? own : userAgent + ' ' + own;
        }
    }
}
