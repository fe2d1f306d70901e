// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the connections of one channel, all on one event loop, which is the channel's thread too. */
final class Http2Client implements ClientTransport {

    /** connection-backoff.md: MIN_CONNECT_TIMEOUT. */
    private static final int CONNECT_TIMEOUT_MILLIS = 20_000;

    private final ConnectOptions options;
    private final @Nullable TlsContexts tls;
    private final Clock clock;
    private final KeepAlivePace pace;
    private final EventLoop loop;

    Http2Client(ConnectOptions options, Clock clock) {
        this.options = options;
        ConnectOptions.Tls wanted = options.tls();
        this.tls =
                wanted == null ? null : TlsContexts.follow(wanted.source(), ServerName.ofAuthority(wanted.authority()));
        this.clock = clock;
        this.pace = new KeepAlivePace(options.keepAlive());
        this.loop = EventLoops.acquire().next();
    }

    @Override
    @AnyThread
    public Attempt connect(SocketAddress address, ConnectionListener listener) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ClientPipeline(options, clock, pace, tls, listener))
                .connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                // Netty's text ends with the address.
                listener.onClosed(Status.of(
                                StatusCode.UNAVAILABLE,
                                String.valueOf(done.cause().getMessage()))
                        .withCause(done.cause()));
            }
        });
        return connecting.channel()::close;
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
        EventLoops.release();
        if (tls != null) {
            tls.close();
        }
    }
}
