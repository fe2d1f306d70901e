// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ProxyProtocol;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.TransportThread;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Listens on addresses, and knows the connections that came of it so that it can close them. For any thread. */
@AnyThread
final class Http2Server implements ServerTransport {

    private static final System.Logger LOG = System.getLogger(Http2Server.class.getName());

    /** Connections that may wait to be accepted; a burst of clients after a restart is larger than the usual 128. */
    private static final int BACKLOG = 1024;

    private final EventLoops loops;
    private final ListenOptions options;
    private final Limits limits;
    private final Admission admission;
    private final CallAcceptor acceptor;
    private final List<Channel> listeners = new ArrayList<>();
    private final Map<Connection, ServerRole> connections = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    /** Set when {@link #shutdown} has no more use for the loops: the last connection to end gives them back. */
    @AnyThread
    private volatile boolean shutDown;

    private final RareWarning refusals = new RareWarning(LOG, Ticker.SYSTEM);
    private final RareWarning acceptFailures = new RareWarning(LOG, Ticker.SYSTEM);

    private Http2Server(EventLoops loops, ListenOptions options, CallAcceptor acceptor) {
        this.loops = loops;
        this.options = options;
        this.limits = options.limits();
        this.admission = new Admission(limits, isBehindProxies());
        this.acceptor = acceptor;
    }

    static Http2Server listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
        Http2Server server = new Http2Server(EventLoops.acquire(options.sockets().engine()), options, acceptor);
        try {
            for (SocketAddress address : options.addresses()) {
                server.bind(address);
            }
            return server;
        } catch (IOException | RuntimeException failure) {
            server.shutdown(Duration.ZERO);
            throw failure;
        }
    }

    private void bind(SocketAddress address) throws IOException {
        try {
            if (address instanceof UnixDomainSocketAddress file) {
                UnixSocketFile.clear(file.getPath());
            }
            ChannelFuture bound = bootstrap(address)
                    .bind(SocketAddresses.forNetty(address, loops.sockets()))
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException(Sockets.text(bound.cause()), bound.cause());
            }
            listeners.add(bound.channel());
        } catch (IOException | UnsupportedOperationException failure) {
            throw new IOException("cannot listen on " + address + ": " + failure.getMessage(), failure);
        }
    }

    private ServerBootstrap bootstrap(SocketAddress address) {
        Sockets sockets = loops.sockets();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptGate(admission, refusals, acceptFailures))
                .childHandler(new ServerPipeline(isBehindProxies() ? this::readProxyHeader : null, this::connection));
        if (SocketAddresses.isUnix(address)) {
            return bootstrap.channelFactory(sockets.unixListeners());
        }
        bootstrap
                .channelFactory(sockets.tcpListeners())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true);
        ChannelOption<Integer> userTimeout = sockets.userTimeout();
        if (userTimeout != null && !options.sockets().userTimeout().isZero()) {
            bootstrap.childOption(
                    userTimeout, (int) options.sockets().userTimeout().toMillis());
        }
        return bootstrap;
    }

    private boolean isBehindProxies() {
        return options.proxyProtocol() == ProxyProtocol.REQUIRED;
    }

    private void readProxyHeader(Channel channel) {
        ProxyHeader.stage(channel, admission, refusals);
    }

    /** The connection of a socket that was just accepted. */
    private Connection connection(Channel channel) {
        if (stopping.get()) {
            channel.close();
        }
        return new Connection(channel, limits, true, created -> {
            ServerRole role = new ServerRole(created, acceptor, closed -> forget(created));
            connections.put(created, role);
            return role;
        });
    }

    private void forget(Connection closed) {
        connections.remove(closed);
        checkTerminated();
    }

    @Override
    public List<SocketAddress> addresses() {
        return listeners.stream().map(SocketAddresses::local).toList();
    }

    @Override
    public CompletionStage<Void> shutdown(Duration grace) {
        if (!stopping.compareAndSet(false, true)) {
            if (grace.isZero()) {
                eachConnection(ServerRole::shutdownNow);
            }
            return terminated;
        }
        stopListening();
        if (grace.isZero() || grace.isNegative()) {
            eachConnection(ServerRole::shutdownNow);
        } else {
            eachConnection(ServerRole::drain);
            loops.next()
                    .schedule(
                            () -> {
                                if (!terminated.isDone()) {
                                    eachConnection(ServerRole::shutdownNow);
                                }
                            },
                            grace.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
        shutDown = true;
        checkTerminated();
        return terminated;
    }

    /** Closed when this returns, unless a handler on an event loop called, which cannot wait: then soon. */
    private void stopListening() {
        for (Channel listener : listeners) {
            ChannelFuture closed = listener.close();
            if (!(Thread.currentThread() instanceof TransportThread)) {
                closed.syncUninterruptibly();
            }
        }
    }

    private void eachConnection(Consumer<ServerRole> action) {
        connections.forEach((connection, role) -> connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                action.accept(role);
            }
        }));
    }

    private void checkTerminated() {
        if (shutDown && connections.isEmpty() && terminated.complete(null)) {
            EventLoops.release(loops);
        }
    }
}
