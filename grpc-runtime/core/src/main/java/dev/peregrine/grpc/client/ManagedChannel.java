// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.naming.HostResolver;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.Limits;
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
    private final CompressionPolicy compression;
    private final boolean compresses;
    private final Channel intercepted;

    private ManagedChannel(Builder builder) {
        this.target = builder.target;
        this.authority = builder.authority == null ? target.authority() : builder.authority;
        TransportProvider provider = builder.transport == null ? TransportProvider.network() : builder.transport;
        this.compresses = provider.compresses();
        this.compression = builder.compressionPolicy();
        this.connections = new ConnectionKeeper(
                target,
                HostResolver::resolve,
                provider.client(builder.connectOptions()
                        .withAcceptEncoding(compresses ? compression.encodings().names() : null)),
                new Backoff(
                        builder.initialBackoff,
                        () -> ThreadLocalRandom.current().nextDouble()));
        this.intercepted = InterceptedChannel.behind(builder.interceptors, new Wire());
    }

    /**
     * @param target {@code host:port} or {@code dns:///host:port}
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
                return outgoing(method, options);
            }
            Channel inner = new Channel() {
                @Override
                public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> m, CallOptions o) {
                    return outgoing(m, o);
                }

                @Override
                public String authority() {
                    return authority;
                }
            };
            return InterceptedChannel.behind(own, inner).newCall(method, options);
        }

        private <Q, R> ClientCall<Q, R> outgoing(MethodDescriptor<Q, R> method, CallOptions options) {
            String name = options.compression() == null ? compression.outbound() : options.compression();
            MessageEncoding encoding =
                    name == null ? null : compression.encodings().require(name);
            return new OutgoingCall<>(
                    method, options, authority, connections, compression, compresses ? encoding : null);
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
        private Duration initialBackoff = Duration.ofSeconds(1);
        private @Nullable String authority;
        private @Nullable String userAgent;
        private @Nullable TransportProvider transport;
        private MessageEncodings encodings = MessageEncodings.DEFAULT;
        private @Nullable String compression;

        private Builder(Target target) {
            this.target = target;
        }

        /** Calls the server by this name in {@code :authority} instead of the target's. */
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

        /** How calls are carried; by default over the network. */
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
         * @throws IllegalArgumentException if the encoding of {@link #compression} is none of {@link #encodings}
         */
        public ManagedChannel build() {
            return new ManagedChannel(this);
        }

        private CompressionPolicy compressionPolicy() {
            return new CompressionPolicy(encodings, compression, limits.maxMessageSize(), limits.maxCompressionRatio());
        }

        private ConnectOptions connectOptions() {
            return ConnectOptions.of(userAgent()).withLimits(limits);
        }

        private String userAgent() {
            String own = "grpc-java-peregrine/" + RuntimeVersion.VERSION;
            return userAgent == null ? own : userAgent + ' ' + own;
        }
    }
}
