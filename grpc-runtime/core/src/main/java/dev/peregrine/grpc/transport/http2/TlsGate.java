// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the TLS of a connection until the handshake is done. It looks at the first bytes, and if they are no TLS
 * says what they are; and it sees to it that a client that is refused hears why.
 */
final class TlsGate extends ChannelDuplexHandler {

    /** Enough to tell the usual protocols by. */
    private static final int TELLING = 5;

    /** RFC 8446 §5.1: types of records. */
    private static final int ALERT = 0x15;

    private static final int HANDSHAKE = 0x16;

    /** RFC 8446 §6.2: a fatal alert, unexpected_message, in a record; what servers of TLS say to those who speak none. */
    private static final byte[] UNEXPECTED_MESSAGE = {ALERT, 3, 3, 0, 2, 2, 10};

    private final boolean server;
    private boolean open;
    private boolean closing;
    private @Nullable ByteBuf kept;

    TlsGate(boolean server) {
        this.server = server;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ByteBuf bytes = (ByteBuf) received;
        if (closing) {
            bytes.release();
        } else if (open) {
            ctx.fireChannelRead(bytes);
        } else {
            first(ctx, bytes);
        }
    }

    private void first(ChannelHandlerContext ctx, ByteBuf received) {
        ByteBuf bytes =
                kept == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, received);
        kept = bytes;
        int type = bytes.getUnsignedByte(bytes.readerIndex());
        if (type == HANDSHAKE || (type == ALERT && !server)) {
            open = true;
            kept = null;
            ctx.fireChannelRead(bytes);
        } else if (bytes.readableBytes() >= TELLING) {
            kept = null;
            try {
                refuse(ctx, bytes);
            } finally {
                bytes.release();
            }
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf bytes) {
        closing = true;
        String text = server ? clientSpeaks(ctx, bytes) : serverSpeaks(bytes);
        ctx.fireExceptionCaught(new TlsFailure(text, null)); // Whoever stands last closes.
    }

    private static String clientSpeaks(ChannelHandlerContext ctx, ByteBuf bytes) {
        String start = start(bytes);
        if (start.equals("PRI *")) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(UNEXPECTED_MESSAGE));
            return "the client speaks HTTP/2 in plaintext, but this port speaks TLS";
        }
        if (start.matches("[A-Z]{5}|[A-Z]{3,4} .?")) {
            String text = "the client speaks HTTP/1 in plaintext, but this port speaks HTTP/2 (gRPC) over TLS";
            ctx.writeAndFlush(Unpooled.wrappedBuffer(Http1Answer.of("400 Bad Request", text)));
            return text;
        }
        ctx.writeAndFlush(Unpooled.wrappedBuffer(UNEXPECTED_MESSAGE));
        return "the client's first bytes (" + ByteBufUtil.hexDump(bytes, bytes.readerIndex(), TELLING)
                + ") are no TLS, which this port speaks";
    }

    private static String serverSpeaks(ByteBuf bytes) {
        if (start(bytes).equals("HTTP/")) {
            return "the server answered with HTTP/1 in plaintext, but this client speaks TLS;"
                    + " is this the port of another protocol?";
        }
        if (bytes.getByte(bytes.readerIndex()) == 0
                && bytes.getByte(bytes.readerIndex() + 3) == Http2FrameTypes.SETTINGS) {
            return "the server answered with HTTP/2 in plaintext, but this client speaks TLS";
        }
        return "the server's first bytes (" + ByteBufUtil.hexDump(bytes, bytes.readerIndex(), TELLING)
                + ") are no TLS; is this the port of another protocol?";
    }

    private static String start(ByteBuf bytes) {
        return bytes.toString(bytes.readerIndex(), TELLING, StandardCharsets.ISO_8859_1);
    }

    /** Behind our plain answer, nothing of TLS. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (closing) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else {
            ctx.write(message, promise);
        }
    }

    /**
     * A handshake that failed ends with an alert, and the client may have more under way: of TLS 1.3 its part ends before
     * its certificate is looked at. A socket that is closed with input unread takes the alert back from the network.
     */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!server || !(ctx.channel() instanceof DuplexChannel socket) || !socket.isActive()) {
            ctx.close(promise);
            return;
        }
        ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        if (!socket.isOutputShutdown()) {
            closing = true;
            ctx.flush();
            socket.shutdownOutput();
            ctx.executor().schedule(() -> ctx.close(), Farewell.LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }
}
