// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Answers a client that did not offer {@code h2} by ALPN (RFC 9113 §3.2). What it says tells what it is: one that speaks
 * HTTP/1 gets the answer that it would get in plaintext, one that speaks HTTP/2 all the same is told what is missing.
 */
final class WithoutAlpn extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ByteBuf bytes = (ByteBuf) received;
        int length = Math.min(3, bytes.readableBytes());
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != Preface.CLIENT[i]) {
                ctx.pipeline().remove(this);
                ctx.fireChannelRead(bytes);
                return;
            }
        }
        bytes.release();
        ctx.fireExceptionCaught(new ConnectionError(
                ErrorCode.INADEQUATE_SECURITY,
                "HTTP/2 over TLS needs ALPN, and the client did not offer h2 (RFC 9113 §3.2)"));
    }
}
