// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.observe.TransportSnapshot;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.Tunnel;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the connections of one channel, all on one event loop, which is the channel's thread too. */
final class Http2Client implements ClientTransport {

    private final ConnectOptions options;
    private final @Nullable TlsContexts tls;
    private final Clock clock;
    private final KeepAlivePace pace;
    private final EventLoops loops;
    private final EventLoop loop;
    private final ConnectionBook book = new ConnectionBook();

    Http2Client(ConnectOptions options, Clock clock) {
        this.options = options;
        ConnectOptions.Tls wanted = options.tls();
        this.tls =
                wanted == null ? null : TlsContexts.follow(wanted.source(), ServerName.ofAuthority(wanted.authority()));
        this.clock = clock;
        this.pace = new KeepAlivePace(options.keepAlive());
        this.loops = EventLoops.acquire(options.sockets().engine());
        this.loop = loops.next();
    }

    @Override
    @AnyThread
    public Attempt connect(SocketAddress address, ConnectionListener listener) {
        ChannelFuture connecting;
        try {
            connecting = bootstrap(address)
                    .handler(new ClientPipeline(options, clock, pace, tls, book, listener))
                    .connect(SocketAddresses.forNetty(address, loops.sockets()));
        } catch (UnsupportedOperationException impossible) {
            loop.execute(() -> listener.onClosed(failure(impossible)));
            return () -> {};
        }
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                listener.onClosed(failure(done.cause()));
            }
        });
        return connecting.channel()::close;
    }

    /** Netty's text for a socket that did not connect ends with the address. */
    private Status failure(Throwable cause) {
        String text = Sockets.text(cause);
        Tunnel tunnel = options.tunnel();
        if (tunnel != null) {
            text = "the proxy " + tunnel.proxy() + " cannot be reached: " + text;
        }
        return Status.of(StatusCode.UNAVAILABLE, text).withCause(cause);
    }

    private Bootstrap bootstrap(SocketAddress address) {
        Sockets sockets = loops.sockets();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .disableResolver() // Addresses come resolved.
                .option(ChannelOption.ALLOCATOR, Sockets.MEMORY)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis());
        if (SocketAddresses.isUnix(address)) {
            return bootstrap.channelFactory(sockets.unix());
        }
        sockets.setTcp(options.sockets(), bootstrap::option);
        return bootstrap.channelFactory(sockets.tcp());
    }

    @Override
    @AnyThread
    public CompletionStage<TransportSnapshot> snapshot(SnapshotPage page) {
        return book.snapshot(page);
    }

    @Override
    @AnyThread
    public Executor executor() {
        return loop;
    }

    @Override
    @AnyThread
    public Timer schedule(Runnable task, long delayNanos) {
        ScheduledFuture<?> scheduled = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    @AnyThread
    public void close() {
        EventLoops.release(loops);
        if (tls != null) {
            tls.close();
        }
    }
}
