// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the bytes of an accepted socket pass through before they are frames. One for each listening address. */
final class ServerPipeline extends ChannelInitializer<Channel> {

    private final @Nullable Consumer<Channel> proxyHeader;
    private final @Nullable TlsContexts tls;
    private final Function<Channel, Connection> connections;

    /**
     * @param proxyHeader adds what reads the PROXY protocol; null if connections begin without
     * @param tls null for plaintext
     * @param connections makes the connection that stands at the end
     */
    ServerPipeline(
            @Nullable Consumer<Channel> proxyHeader,
            @Nullable TlsContexts tls,
            Function<Channel, Connection> connections) {
        this.proxyHeader = proxyHeader;
        this.tls = tls;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (proxyHeader != null) {
            proxyHeader.accept(channel);
        }
        if (tls != null) {
            TlsStage.addTo(channel, tls, true);
        }
        channel.pipeline().addLast(connections.apply(channel));
    }
}
