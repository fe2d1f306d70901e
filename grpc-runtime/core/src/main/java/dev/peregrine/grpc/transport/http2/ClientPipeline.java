// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import org.jspecify.annotations.Nullable;

/** What the bytes of a connecting socket pass through before they are frames. One for each attempt to connect. */
final class ClientPipeline extends ChannelInitializer<Channel> {

    private final ConnectOptions options;
    private final Clock clock;
    private final KeepAlivePace pace;
    private final @Nullable TlsContexts tls;
    private final ConnectionBook book;
    private final ConnectionListener listener;

    /**
     * @param tls null for plaintext
     */
    ClientPipeline(
            ConnectOptions options,
            Clock clock,
            KeepAlivePace pace,
            @Nullable TlsContexts tls,
            ConnectionBook book,
            ConnectionListener listener) {
        this.options = options;
        this.clock = clock;
        this.pace = pace;
        this.tls = tls;
        this.book = book;
        this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (options.tunnel() != null) {
            HttpTunnel.stage(channel, options.tunnel(), options.limits().handshakeTimeout());
        }
        if (tls != null) {
            TlsStage.addTo(channel, tls, false);
        }
        Connection connection = new Connection(
                channel, options.limits(), false, clock, created -> new ClientRole(created, options, pace, listener));
        book.enter(connection);
        channel.pipeline().addLast(connection);
    }
}
