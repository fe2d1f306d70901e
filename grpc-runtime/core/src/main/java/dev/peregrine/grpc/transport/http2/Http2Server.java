// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.TransportThread;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
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
import org.jspecify.annotations.Nullable;

/** Listens on addresses, and knows the connections that came of it so that it can close them. For any thread. */
@AnyThread
final class Http2Server implements ServerTransport {

    /** Connections that may wait to be accepted; a burst of clients after a restart is larger than the usual 128. */
    private static final int BACKLOG = 1024;

    /** What clients and calls hear of it. */
    private static final String SHUTTING_DOWN = "the server shuts down";

    private static final Consumer<ServerRole> GRACE_OVER = role -> role.shutdownNow(SHUTTING_DOWN);

    private final EventLoopGroup loops;
    private final ListenOptions options;
    private final Clock clock;
    private final CallAcceptor acceptor;
    private final @Nullable TlsContexts tls;
    private final List<Channel> listeners = new ArrayList<>();
    private final Map<Connection, ServerRole> connections = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    /** Set when {@link #shutdown} has no more use for the loops: the last connection to end gives them back. */
    @AnyThread
    private volatile boolean shutDown;

    private Http2Server(EventLoopGroup loops, ListenOptions options, Clock clock, CallAcceptor acceptor) {
        this.loops = loops;
        this.options = options;
        this.clock = clock;
        this.acceptor = acceptor;
        this.tls = options.tls() == null ? null : TlsContexts.follow(options.tls(), null);
    }

    static Http2Server listen(ListenOptions options, Clock clock, CallAcceptor acceptor) throws IOException {
        Http2Server server = new Http2Server(EventLoops.acquire(), options, clock, acceptor);
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
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ServerPipeline(tls, this::connection))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        listeners.add(bound.channel());
    }

    /** The connection of a socket that was just accepted. */
    private Connection connection(Channel channel) {
        Connection connection = new Connection(channel, options.limits(), true, clock, created -> {
            ServerRole role = new ServerRole(created, options.connections(), acceptor, closed -> forget(created));
            connections.put(created, role);
            return role;
        });
        if (stopping.get()) { // Behind the put: either shutdown finds the connection, or it is found out here.
            channel.close();
        }
        return connection;
    }

    private void forget(Connection closed) {
        connections.remove(closed);
        checkTerminated();
    }

    @Override
    public List<SocketAddress> addresses() {
        return listeners.stream().map(Channel::localAddress).toList();
    }

    @Override
    public CompletionStage<Void> shutdown(Duration grace) {
        if (!stopping.compareAndSet(false, true)) {
            if (grace.isZero()) {
                eachConnection(GRACE_OVER);
            }
            return terminated;
        }
        stopListening();
        if (grace.isZero() || grace.isNegative()) {
            eachConnection(GRACE_OVER);
        } else {
            eachConnection(role -> role.drain(SHUTTING_DOWN));
            loops.next()
                    .schedule(
                            () -> {
                                if (!terminated.isDone()) {
                                    eachConnection(GRACE_OVER);
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
            EventLoops.release();
            if (tls != null) {
                tls.close();
            }
        }
    }
}
