// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.observe.ObservedId;
import dev.peregrine.grpc.observe.ServerSnapshot;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ProxyProtocol;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.SocketOptions;
import dev.peregrine.grpc.transport.TransportProvider;
import dev.peregrine.grpc.transport.TransportThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A running gRPC server. It listens from {@link Builder#start()} on; its methods may be called from any thread.
 *
 * <pre>{@code
 * Server server = Server.builder().port(9090).service(new GreeterService()).start();
 * ...
 * server.shutdown(Duration.ofSeconds(30));
 * }</pre>
 */
public final class Server implements AutoCloseable {

    private final ServerTransport transport;
    private final List<ServiceDefinition> services;
    private final @Nullable ExecutorService ownExecutor;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final long id = ObservedId.next();

    private Server(ServerTransport transport, List<ServiceDefinition> services, @Nullable ExecutorService ownExecutor) {
        this.transport = transport;
        this.services = services;
        this.ownExecutor = ownExecutor;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The port of the first network address.
     *
     * @throws IllegalStateException if the server listens on none
     */
    public int port() {
        for (SocketAddress address : addresses()) {
            if (address instanceof InetSocketAddress network) {
                return network.getPort();
            }
        }
        throw new IllegalStateException("the server listens on no network address, only on " + addresses());
    }

    public List<SocketAddress> addresses() {
        return transport.addresses();
    }

    public List<ServiceDefinition> services() {
        return services;
    }

    /**
     * A picture of this server, its connections and its open calls, taken now. Nothing stops for it.
     *
     * @return done when every connection was asked, within about a second
     */
    public CompletionStage<ServerSnapshot> snapshot(SnapshotPage page) {
        return transport.snapshot(page).thenApply(connections -> new ServerSnapshot(id, addresses(), connections));
    }

    /**
     * Stops: no new connections and calls from now on, while calls that were accepted may finish within the grace.
     * Those that remain then are answered with UNAVAILABLE; streams of {@link ServerMethod#withoutGrace()} are at once.
     * Returns at once; the stage is done when nothing is left. A later call returns the same stage; with a grace of zero
     * it cuts the first one's grace short, else it changes nothing.
     *
     * @param grace zero ends every call at once with UNAVAILABLE
     */
    public CompletionStage<Void> shutdown(Duration grace) {
        transport.shutdown(grace).whenComplete((done, failure) -> {
            if (ownExecutor != null) {
                ownExecutor.shutdown();
            }
            terminated.complete(null);
        });
        return terminated;
    }

    /** Waits until {@link #shutdown} is done. */
    public void awaitTermination() throws InterruptedException {
        try {
            terminated.get();
        } catch (ExecutionException impossible) {
            throw new CompletionException(impossible.getCause());
        }
    }

    /** Stops at once, cancels every call, and waits until nothing is left. */
    @Override
    public void close() {
        if (Thread.currentThread() instanceof TransportThread) {
            throw new IllegalStateException("Server.close was called on event loop thread '"
                    + Thread.currentThread().getName() + "', which would wait for itself; use shutdown there");
        }
        shutdown(Duration.ZERO);
        terminated.join();
    }

    /** What a server is made of; not safe for use by several threads at once. */
    public static final class Builder {

        private final List<SocketAddress> addresses = new ArrayList<>();
        private final List<ServedService> services = new ArrayList<>();
        private final List<ServerInterceptor> interceptors = new ArrayList<>();
        private Limits limits = Limits.DEFAULT;
        private ConnectionPolicy connections = ConnectionPolicy.DEFAULT;
        private SocketOptions sockets = SocketOptions.DEFAULT;
        private ProxyProtocol proxyProtocol = ProxyProtocol.OFF;
        private @Nullable Executor blockingExecutor;
        private @Nullable TransportProvider transport;
        private @Nullable TlsSource<ServerTls> tls;
        private MessageEncodings encodings = MessageEncodings.DEFAULT;
        private @Nullable String compression;
        private BiFunction<MethodDescriptor<?, ?>, MethodOptions, MethodOptions> methodOptions =
                (method, options) -> options;

        private Builder() {}

        /** Listens on this port of every interface; 0 takes a free one. */
        public Builder port(int port) {
            return address(new InetSocketAddress(port));
        }

        /** Listens on this port of this host too, a name or an address; 0 takes a free one. */
        public Builder address(String host, int port) {
            return address(new InetSocketAddress(host, port));
        }

        /**
         * Listens on this address too: of the network, the path of a unix socket ({@link UnixDomainSocketAddress}), the
         * abstract name of one ({@link dev.peregrine.grpc.UnixAbstractAddress}), or an
         * {@link dev.peregrine.grpc.InProcessAddress}. All addresses of a server are of the network, or none is.
         */
        public Builder address(SocketAddress address) {
            addresses.add(Objects.requireNonNull(address, "address"));
            return this;
        }

        /**
         * Listens on a unix socket at this path too. A file that a dead server left there is replaced; a live server's
         * socket, or any other file, makes {@link #start} fail. The file goes when the server does. Who may connect is for
         * the file system to say: write permission on the file, which the process's umask sets, and passage through the
         * directories above it. A directory of the service's own is the safest.
         */
        public Builder unixSocket(Path path) {
            return address(UnixDomainSocketAddress.of(path));
        }

        public Builder service(BindableService service) {
            return service(service.bind());
        }

        public Builder service(ServiceDefinition service) {
            return service(service, method -> MethodOptions.DEFAULT);
        }

        /**
         * As {@link #service(ServiceDefinition)}, with methods that differ from the rest of the server.
         *
         * @param options asked once for each method, when the server starts
         */
        public Builder service(ServiceDefinition service, Function<MethodDescriptor<?, ?>, MethodOptions> options) {
            Objects.requireNonNull(service, "service");
            services.add(new ServedService(service, Objects.requireNonNull(options, "options")));
            return this;
        }

        /**
         * Changes the options of all methods, of whichever service, added before or after this. Asked once for each method, when
         * the server starts. Default: they stay as they are.
         */
        public Builder methodOptions(BiFunction<MethodDescriptor<?, ?>, MethodOptions, MethodOptions> change) {
            this.methodOptions = Objects.requireNonNull(change, "change");
            return this;
        }

        /** The services that were added so far. */
        public List<ServiceDefinition> services() {
            return definitions();
        }

        /** Adds an interceptor for all services; the one added first sees a call first. */
        public Builder interceptor(ServerInterceptor interceptor) {
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

        /** Replaces the whole policy for connections; see {@link #connections(UnaryOperator)} to change some of it. */
        public Builder connections(ConnectionPolicy connections) {
            this.connections = Objects.requireNonNull(connections, "connections");
            return this;
        }

        /**
         * Changes how long connections are kept, idle or not, and what is made of silence on them:
         * {@code connections(policy -> policy.withMaxAge(Duration.ofMinutes(30), Duration.ofMinutes(1)))}.
         */
        public Builder connections(UnaryOperator<ConnectionPolicy> change) {
            return connections(change.apply(connections));
        }

        /**
         * Where blocking handlers run. Default: a virtual thread per call on JDK 21 and newer, a bounded pool of 200
         * threads before. A task the executor rejects answers its call with RESOURCE_EXHAUSTED. The executor is not
         * closed with the server.
         */
        public Builder blockingExecutor(Executor executor) {
            this.blockingExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** Speaks TLS, on all addresses. Default: plaintext. */
        public Builder tls(ServerTls tls) {
            return tls(TlsSource.of(tls));
        }

        /** As {@link #tls(ServerTls)}, with settings that may be replaced while the server runs. */
        public Builder tls(TlsSource<ServerTls> tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /** What sockets are made of; by default what {@code -Dperegrine.transport} names, else the best that works. */
        public Builder socketEngine(SocketEngine engine) {
            this.sockets = sockets.withEngine(engine);
            return this;
        }

        /**
         * Whether every connection, on all addresses of this server, begins with the PROXY protocol, which tells
         * {@link dev.peregrine.grpc.Peer#remote}. Default: {@link ProxyProtocol#OFF}.
         *
         * @see ProxyProtocol#REQUIRED what that asks of the network around it
         */
        public Builder proxyProtocol(ProxyProtocol proxyProtocol) {
            this.proxyProtocol = Objects.requireNonNull(proxyProtocol, "proxyProtocol");
            return this;
        }

        /** How calls are carried; by default as the address says, over the network or within the process. */
        public Builder transport(TransportProvider transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Changes the encodings that requests and responses may be compressed with. Default: gzip.
         * {@code encodings(encodings -> MessageEncodings.NONE)} refuses compressed requests.
         */
        public Builder encodings(UnaryOperator<MessageEncodings> change) {
            this.encodings = change.apply(encodings);
            return this;
        }

        /**
         * Compresses the responses of calls that choose nothing themselves, if the caller can read this encoding. Default:
         * null, not to compress. See {@link dev.peregrine.grpc.CallContext#setResponseCompression}.
         */
        public Builder compression(@Nullable String encoding) {
            this.compression = encoding;
            return this;
        }

        /**
         * Starts to listen.
         *
         * @throws IOException if an address cannot be bound
         * @throws IllegalStateException if there is no address, the chosen sockets do not work on this machine, or TLS was
         *     chosen for calls within the process
         * @throws IllegalArgumentException if two services have the same name, two addresses are of different
         *     kinds, the encoding of {@link #compression} is none of {@link #encodings}, or TLS cannot work with its settings
         */
        public Server start() throws IOException {
            if (addresses.isEmpty()) {
                throw new IllegalStateException(
                        "a server needs an address: call port(int), address(SocketAddress)" + " or unixSocket(Path)");
            }
            if (tls != null && addresses.get(0) instanceof InProcessAddress) {
                throw new IllegalStateException("TLS was chosen for " + addresses.get(0)
                        + ", but calls within a process are not encrypted; leave out tls() for such addresses");
            }
            TransportProvider provider = transport == null ? TransportProvider.reaching(addresses.get(0)) : transport;
            requireReached(provider);
            CompressionPolicy policy = new CompressionPolicy(
                    encodings, compression, limits.maxMessageSize(), limits.maxCompressionRatio());
            ExecutorService own = null;
            Executor blocking = blockingExecutor;
            if (blocking == null && BlockingExecutors.hasVirtualThreads()) {
                blocking = BlockingExecutors.virtualThreads();
            } else if (blocking == null) {
                own = BlockingExecutors.boundedPool();
                blocking = own;
            }
            try {
                MethodRegistry registry = new MethodRegistry(services, methodOptions, interceptors, blocking, policy);
                ServerTransport listening = provider.listen(options(), new Dispatcher(registry, encodings));
                return new Server(listening, definitions(), own);
            } catch (IOException | RuntimeException failure) {
                if (own != null) {
                    own.shutdown();
                }
                throw failure;
            }
        }

        private List<ServiceDefinition> definitions() {
            return services.stream().map(ServedService::definition).toList();
        }

        private void requireReached(TransportProvider provider) {
            for (SocketAddress address : addresses) {
                if (!provider.reaches(address)) {
                    throw new IllegalArgumentException("address " + address + " is of another kind than the transport "
                            + provider.getClass().getSimpleName() + " serves; start a server for each kind");
                }
            }
        }

        private ListenOptions options() {
            KeepAlive keepAlive = connections.keepAlive();
            return ListenOptions.of(addresses)
                    .withLimits(limits)
                    .withConnections(connections)
                    .withSockets(keepAlive.isOn() ? sockets.withUserTimeout(keepAlive.timeout()) : sockets) // gRFC A18
                    .withProxyProtocol(proxyProtocol)
                    .withTls(tls);
        }
    }
}
