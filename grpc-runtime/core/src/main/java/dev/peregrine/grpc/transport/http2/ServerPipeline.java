// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the bytes of an accepted socket pass through before they are frames. One for each listening address. */
final class ServerPipeline extends ChannelInitializer<Channel> {

    private final @Nullable TlsContexts tls;
    private final Function<Channel, Connection> connections;

    /**
     * @param tls null for plaintext
     * @param connections makes the connection that stands at the end
     */
    ServerPipeline(@Nullable TlsContexts tls, Function<Channel, Connection> connections) {
        this.tls = tls;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (tls != null) {
            TlsStage.addTo(channel, tls, true);
        }
        channel.pipeline().addLast(connections.apply(channel));
    }
}
