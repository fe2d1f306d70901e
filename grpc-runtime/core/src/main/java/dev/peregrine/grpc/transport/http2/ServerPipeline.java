// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.function.Function;

/** What the bytes of an accepted socket pass through before they are frames. One for each listening address. */
final class ServerPipeline extends ChannelInitializer<Channel> {

    private final Function<Channel, Connection> connections;

    /**
     * @param connections makes the connection that stands at the end
     */
    ServerPipeline(Function<Channel, Connection> connections) {
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(connections.apply(channel));
    }
}
