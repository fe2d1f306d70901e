// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;

/** What the bytes of a connecting socket pass through before they are frames. One for each attempt to connect. */
final class ClientPipeline extends ChannelInitializer<Channel> {

    private final ConnectOptions options;
    private final Clock clock;
    private final KeepAlivePace pace;
    private final ConnectionListener listener;

    ClientPipeline(ConnectOptions options, Clock clock, KeepAlivePace pace, ConnectionListener listener) {
        this.options = options;
        this.clock = clock;
        this.pace = pace;
        this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline()
                .addLast(new Connection(
                        channel,
                        options.limits(),
                        false,
                        clock,
                        connection -> new ClientRole(connection, options, pace, listener)));
    }
}
