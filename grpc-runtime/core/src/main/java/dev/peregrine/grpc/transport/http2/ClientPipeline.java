// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;

/** What the bytes of a connecting socket pass through before they are frames. One for each attempt to connect. */
final class ClientPipeline extends ChannelInitializer<Channel> {

    private final ConnectOptions options;
    private final ConnectionListener listener;

    ClientPipeline(ConnectOptions options, ConnectionListener listener) {
        this.options = options;
        this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (options.tunnel() != null) {
            HttpTunnel.stage(channel, options.tunnel(), options.limits().handshakeTimeout());
        }
        channel.pipeline()
                .addLast(new Connection(
                        channel, options.limits(), false, connection -> new ClientRole(connection, options, listener)));
    }
}
