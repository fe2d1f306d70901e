// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a connection asks of its channel, which may have TLS or not. */
final class Tls {

    private Tls() {}

    private static @Nullable SslHandler of(Channel channel) {
        return channel.pipeline().get(SslHandler.class);
    }

    static boolean isSpoken(Channel channel) {
        return of(channel) != null;
    }

    static boolean isShakingHands(Channel channel) {
        SslHandler tls = of(channel);
        return tls != null && !tls.handshakeFuture().isDone();
    }

    /** What was agreed; null without TLS. */
    static @Nullable SSLSession session(Channel channel) {
        SslHandler tls = of(channel);
        return tls == null ? null : tls.engine().getSession();
    }

    /** Says that nothing more will be sent, in TLS (close_notify) and behind it in TCP; input is still read. */
    static void closeOutput(DuplexChannel socket) {
        SslHandler tls = of(socket);
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> socket.shutdownOutput());
        }
    }

    /** Closes without a word: TLS would wait for its own to be sent. */
    static void abort(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }
}
