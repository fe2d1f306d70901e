// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Answers a client that did not offer {@code h2} by ALPN (RFC 9113 §3.2). What it says tells what it is: one that speaks
 * HTTP/1 gets the answer that it would get in plaintext, one that speaks HTTP/2 all the same is told what is missing.
 */
final class WithoutAlpn extends ChannelInboundHandlerAdapter {

    /** No method of HTTP/1 begins as the preface of HTTP/2 does for longer than this: {@code PRI}. */
    private static final int TELLING = 3;

    /** What has come, as long as it may still be either. */
    private @Nullable ByteBuf kept;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ByteBuf bytes = kept == null
                ? (ByteBuf) received
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, (ByteBuf) received);
        kept = null;
        int length = Math.min(TELLING, bytes.readableBytes());
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != Preface.CLIENT[i]) {
                ctx.pipeline().remove(this);
                ctx.fireChannelRead(bytes);
                return;
            }
        }
        if (length < TELLING) {
            kept = bytes;
            return;
        }
        bytes.release();
        ctx.fireExceptionCaught(new ConnectionError(
                ErrorCode.INADEQUATE_SECURITY,
                "HTTP/2 over TLS needs ALPN, and the client did not offer h2 (RFC 9113 §3.2)"));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }
}
