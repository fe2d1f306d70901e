// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessagePrefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames (RFC 9113 §4.1), one behind the other into one buffer, which goes to the socket once per batch: all that
 * one read, or one emptying of the mailbox, led to is a single write.
 */
final class FrameOutput {

    static final int FRAME_HEADER = 9;

    /** A batch that is as large as this goes to the channel, so that its writability tells the truth. */
    private static final int SPILL = 32 << 10;

    /** Payload from here on is passed on without copying it into the batch. */
    private static final int WORTH_A_SLICE = 4 << 10;

    /** Debug data of GOAWAY is for people; more than this nobody reads. */
    private static final int MAX_DEBUG = 200;

    private static final int MIN_BATCH = 256;

    private final ChannelHandlerContext ctx;
    private @Nullable ByteBuf batch;
    private int lastBatch = MIN_BATCH;
    private boolean unflushed;
    private int callFrames;

    FrameOutput(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** Whether the peer reads fast enough for more DATA. */
    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    boolean hasUnflushed() {
        return batch != null || unflushed;
    }

    /** How many frames of HEADERS and DATA were written so far; may wrap. */
    int callFrames() {
        return callFrames;
    }

    /** The batch, with room for this many bytes more; for those who write header blocks. */
    ByteBuf batch(int room) {
        ByteBuf current = batch;
        if (current != null && current.readableBytes() >= SPILL) {
            writeBatch();
            current = null;
        }
        if (current == null) {
            current = ctx.alloc().directBuffer(Math.max(lastBatch, room));
            batch = current;
        }
        return current.ensureWritable(room);
    }

    /** Begins a frame whose length is not known yet; returns where it began. */
    int beginFrame(ByteBuf out, int type, int streamId) {
        int start = out.writerIndex();
        if (type == Http2FrameTypes.HEADERS) {
            callFrames++;
        }
        out.writeMedium(0).writeByte(type).writeByte(0).writeInt(streamId);
        return start;
    }

    void endFrame(ByteBuf out, int start, int flags) {
        out.setMedium(start, out.writerIndex() - start - FRAME_HEADER);
        out.setByte(start + 4, flags);
    }

    /** One message that fits one frame, encoded in place. If the encoding fails, the batch is as it was before. */
    void data(int streamId, OutboundMessage<?> message, boolean endStream) {
        int length = MessagePrefix.LENGTH + message.length();
        ByteBuf out = batch(FRAME_HEADER + length);
        int start = out.writerIndex();
        try {
            dataHeader(out, streamId, length, endStream);
            MessagePrefix.write(out, message.isCompressed(), message.length());
            message.writeTo(out);
        } catch (RuntimeException | Error unencodable) {
            out.writerIndex(start);
            throw unencodable;
        }
    }

    /** The next bytes of a queue of encoded messages. */
    void data(int streamId, SendQueue queue, int length, boolean endStream) {
        ByteBuf out = batch(FRAME_HEADER + Math.min(length, WORTH_A_SLICE));
        dataHeader(out, streamId, length, endStream);
        int left = length;
        while (left > 0) {
            ByteBuf head = queue.head();
            int count = Math.min(left, head.readableBytes());
            if (count >= WORTH_A_SLICE) {
                ByteBuf slice = head.readRetainedSlice(count);
                writeBatch();
                ctx.write(slice, ctx.voidPromise());
                unflushed = true;
            } else {
                batch(count).writeBytes(head, count);
            }
            queue.taken(count);
            left -= count;
        }
    }

    /** Bytes that are no gRPC message, and the end of the stream with them. */
    void text(int streamId, byte[] body) {
        ByteBuf out = batch(FRAME_HEADER + body.length);
        dataHeader(out, streamId, body.length, true);
        out.writeBytes(body);
    }

    void emptyData(int streamId) {
        dataHeader(batch(FRAME_HEADER), streamId, 0, true);
    }

    private void dataHeader(ByteBuf out, int streamId, int length, boolean endStream) {
        callFrames++;
        header(out, length, Http2FrameTypes.DATA, endStream ? Http2Flags.END_STREAM : 0, streamId);
    }

    /**
     * SETTINGS with these identifiers and values, in turn.
     */
    void settings(long... idsAndValues) {
        int length = idsAndValues.length / 2 * 6;
        ByteBuf out = batch(FRAME_HEADER + length);
        header(out, length, Http2FrameTypes.SETTINGS, 0, 0);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            out.writeShort((int) idsAndValues[i]).writeInt((int) idsAndValues[i + 1]);
        }
    }

    void settingsAck() {
        header(batch(FRAME_HEADER), 0, Http2FrameTypes.SETTINGS, Http2Flags.ACK, 0);
    }

    void ping(boolean ack, long payload) {
        ByteBuf out = batch(FRAME_HEADER + 8);
        header(out, 8, Http2FrameTypes.PING, ack ? Http2Flags.ACK : 0, 0);
        out.writeLong(payload);
    }

    void goAway(int lastStreamId, long errorCode, String debug) {
        String text = debug.length() > MAX_DEBUG ? debug.substring(0, MAX_DEBUG) : debug;
        ByteBuf out = batch(FRAME_HEADER + 8 + ByteBufUtil.utf8MaxBytes(text));
        int start = beginFrame(out, Http2FrameTypes.GO_AWAY, 0);
        out.writeInt(lastStreamId).writeInt((int) errorCode);
        ByteBufUtil.writeUtf8(out, text);
        endFrame(out, start, 0);
    }

    void rstStream(int streamId, long errorCode) {
        ByteBuf out = batch(FRAME_HEADER + 4);
        header(out, 4, Http2FrameTypes.RST_STREAM, 0, streamId);
        out.writeInt((int) errorCode);
    }

    void windowUpdate(int streamId, int increment) {
        ByteBuf out = batch(FRAME_HEADER + 4);
        header(out, 4, Http2FrameTypes.WINDOW_UPDATE, 0, streamId);
        out.writeInt(increment);
    }

    /** Bytes that are no frame: a preface, or an answer to somebody who does not speak HTTP/2. */
    void raw(byte[] bytes) {
        batch(bytes.length).writeBytes(bytes);
    }

    void flush() {
        writeBatch();
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    /** Runs the action when the socket has taken everything that was flushed. */
    void whenWritten(Runnable action) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> action.run());
    }

    /** The channel is gone: what was not written will not be. */
    void discard() {
        if (batch != null) {
            batch.release();
            batch = null;
        }
    }

    private void writeBatch() {
        ByteBuf full = batch;
        if (full == null) {
            return;
        }
        batch = null;
        // The next batch will be much like this one.
        lastBatch = Math.max(MIN_BATCH, Math.min(SPILL, (full.readableBytes() + lastBatch) / 2 + 64));
        unflushed = true;
        ctx.write(full, ctx.voidPromise());
    }

    private static void header(ByteBuf out, int length, int type, int flags, int streamId) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(streamId);
    }
}
