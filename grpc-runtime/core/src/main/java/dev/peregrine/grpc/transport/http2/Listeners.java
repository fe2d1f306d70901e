// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ProxyProtocol;
import dev.peregrine.grpc.transport.RareWarning;
import dev.peregrine.grpc.transport.TransportThread;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The listening sockets of one server, which share its count of connections. For any thread. */
@AnyThread
final class Listeners {

    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    /** Connections that may wait to be accepted; a burst of clients after a restart is larger than the usual 128. */
    private static final int BACKLOG = 1024;

    private final EventLoops loops;
    private final ListenOptions options;
    private final @Nullable TlsContexts tls;
    private final Function<Channel, Connection> connections;
    private final boolean behindProxies;
    private final Admission admission;
    private final RareWarning refusals = new RareWarning(LOG, Ticker.SYSTEM);
    private final RareWarning failures = new RareWarning(LOG, Ticker.SYSTEM);
    private final List<Channel> bound = new ArrayList<>();

    /**
     * @param tls null for plaintext
     * @param connections makes the connection of a socket that was accepted
     */
    Listeners(
            EventLoops loops,
            ListenOptions options,
            @Nullable TlsContexts tls,
            Function<Channel, Connection> connections) {
        this.loops = loops;
        this.options = options;
        this.tls = tls;
        this.connections = connections;
        this.behindProxies = options.proxyProtocol() == ProxyProtocol.REQUIRED;
        this.admission = new Admission(options.limits(), behindProxies);
    }

    /**
     * Listens on this address too.
     *
     * @throws IOException if that cannot be; the message names the address
     */
    void bind(SocketAddress address) throws IOException {
        try {
            if (address instanceof UnixDomainSocketAddress file) {
                UnixSocketFile.clear(file.getPath());
            }
            ChannelFuture binding = bootstrap(address)
                    .bind(SocketAddresses.forNetty(address, loops.sockets()))
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new IOException(Sockets.text(binding.cause()), binding.cause());
            }
            bound.add(binding.channel());
        } catch (IOException | UnsupportedOperationException failure) {
            throw new IOException("cannot listen on " + address + ": " + failure.getMessage(), failure);
        }
    }

    private ServerBootstrap bootstrap(SocketAddress address) {
        Sockets sockets = loops.sockets();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, Sockets.MEMORY)
                .handler(new AcceptGate(admission, refusals, failures))
                .childHandler(new ServerPipeline(behindProxies ? this::readProxyHeader : null, tls, connections));
        if (SocketAddresses.isUnix(address)) {
            return bootstrap.channelFactory(sockets.unixListeners());
        }
        sockets.setTcp(options.sockets(), bootstrap::childOption);
        return bootstrap.channelFactory(sockets.tcpListeners()).option(ChannelOption.SO_REUSEADDR, true);
    }

    private void readProxyHeader(Channel channel) {
        ProxyHeader.stage(channel, admission, refusals);
    }

    /** Where we listen; port 0 has become the real port. */
    List<SocketAddress> addresses() {
        return bound.stream().map(SocketAddresses::local).toList();
    }

    /**
     * Stops listening; the files of unix sockets go.
     *
     * @param done runs when others may listen on the addresses. Before this returns, unless a handler on an event loop
     *     called, which cannot wait
     */
    void close(Runnable done) {
        CompletableFuture<?>[] closings = bound.stream().map(Listeners::close).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(closings).thenRun(done);
        if (!(Thread.currentThread() instanceof TransportThread)) {
            all.join();
        }
    }

    /**
     * NIO lets go of a socket at the next turn of its selector, and not when it is closed. What is due on the loop, be it
     * at once, is done behind a turn that begins after it became so.
     */
    private static CompletableFuture<?> close(Channel listener) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        listener.close()
                .addListener(
                        closed -> listener.eventLoop().schedule(() -> gone.complete(null), 1, TimeUnit.NANOSECONDS));
        return gone;
    }
}
