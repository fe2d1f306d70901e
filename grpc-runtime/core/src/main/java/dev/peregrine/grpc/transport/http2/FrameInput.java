// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what the socket brings into frames, with Netty's frame reader. What arrives whole is read where it lies; only the
 * beginning of an incomplete frame is kept.
 */
final class FrameInput {

    /**
     * CONTINUATION frames of less than 8 KiB that one header block may have: enough for any honest sender, while endless
     * small ones keep a decoder busy for nothing.
     */
    private static final int MAX_SMALL_CONTINUATIONS = 16;

    private final DefaultHttp2FrameReader reader;
    private final Preface preface;
    private final Http2FrameListener listener;
    private @Nullable ByteBuf kept;

    FrameInput(HeaderDecoder headers, Preface preface, Http2FrameListener listener) {
        this.reader = new DefaultHttp2FrameReader(headers, MAX_SMALL_CONTINUATIONS);
        this.preface = preface;
        this.listener = listener;
    }

    /**
     * Takes over the bytes and reads all frames that are complete.
     *
     * @param streamErrors hears of frames that break one stream; reading goes on behind them
     * @throws ConnectionError if a frame, or the preface, breaks the connection
     */
    void read(ChannelHandlerContext ctx, ByteBuf received, StreamErrors streamErrors) {
        ByteBuf input =
                kept == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, received);
        kept = input;
        if (preface.isComplete() || preface.read(input)) {
            readFrames(ctx, input, streamErrors);
        }
        if (kept == input) { // Else reading closed the connection, and with it this.
            kept = remainder(ctx, input);
        }
    }

    /**
     * What is not read yet, in a buffer of its own size. The buffer it came in may be lent out in parts, and would grow
     * without end under a peer whose writes never end where a frame does.
     */
    private static @Nullable ByteBuf remainder(ChannelHandlerContext ctx, ByteBuf input) {
        if (input.readerIndex() == 0) {
            return input;
        }
        try {
            return input.isReadable()
                    ? ctx.alloc().buffer(input.readableBytes()).writeBytes(input)
                    : null;
        } finally {
            input.release();
        }
    }

    private void readFrames(ChannelHandlerContext ctx, ByteBuf input, StreamErrors streamErrors) {
        int before;
        do {
            before = input.readableBytes();
            try {
                reader.readFrame(ctx, input, listener);
            } catch (Http2Exception error) {
                if (!(error instanceof Http2Exception.StreamException broken)) {
                    throw new ConnectionError(error.error().code(), String.valueOf(error.getMessage()));
                }
                streamErrors.onStreamError(broken);
            }
        } while (kept == input && input.isReadable() && input.readableBytes() < before);
    }

    /** The memory held for what is not read yet. */
    int keptBytes() {
        return kept == null ? 0 : kept.capacity();
    }

    /** The connection is over. */
    void close() {
        reader.close();
        if (kept != null) {
            ByteBuf rest = kept;
            kept = null;
            rest.release();
        }
    }

    /** Hears of frames that break one stream (RFC 9113 §5.4.2). */
    @FunctionalInterface
    interface StreamErrors {
        void onStreamError(Http2Exception.StreamException error);
    }
}
