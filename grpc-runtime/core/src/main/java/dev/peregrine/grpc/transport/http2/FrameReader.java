// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Reads frames, and checks what each says about itself: its length, its stream, its padding, and whether it may stand where
 * it stands.
 *
 * <pre>
 * +-----------------------------------------------+
 * |                 Length (24)                   |
 * +---------------+---------------+---------------+
 * |   Type (8)    |   Flags (8)   |
 * +-+-------------+---------------+-------------------------------+
 * |R|                 Stream Identifier (31)                      |
 * +=+=============================================================+
 * |                   Frame Payload (0...)                      ...      RFC 9113 §4.1
 * </pre>
 *
 * <p>Keeps nothing between frames but a field block that is under way. A frame that is incomplete is left where it is, but
 * refused already if its first octets say enough.
 */
final class FrameReader {

    /** What RFC 9113 §6.5.2 starts with. We never announce more: larger frames only delay the others. */
    static final int MAX_FRAME_SIZE = 16_384;

    private static final int FRAME_HEADER = 9;

    /** Stream dependency and weight, of PRIORITY and of HEADERS that carry them (RFC 9113 §5.3.2: to be ignored). */
    private static final int PRIORITY_FIELDS = 5;

    private static final int SETTING = 6;

    private final HeaderDecoder decoder;
    private final Frames frames;
    private final FieldBlock block;
    private boolean first = true;

    FrameReader(HeaderDecoder decoder, Frames frames) {
        this.decoder = decoder;
        this.frames = frames;
        this.block = new FieldBlock(decoder.mostEncoded());
    }

    /**
     * Reads the next frame.
     *
     * @return whether it was there; otherwise nothing is read
     * @throws ConnectionError if it breaks the connection; nothing may be read any more
     */
    boolean read(ByteBuf in, ByteBufAllocator alloc) {
        if (in.readableBytes() < FRAME_HEADER) {
            return false;
        }
        int start = in.readerIndex();
        int length = in.getUnsignedMedium(start);
        int type = in.getUnsignedByte(start + 3);
        int flags = in.getUnsignedByte(start + 4);
        int streamId = in.getInt(start + 5) & Integer.MAX_VALUE; // RFC 9113 §4.1: the reserved bit is ignored.
        if (length > MAX_FRAME_SIZE) {
            throw wrongSize("a frame of " + length + " octets came; at most " + MAX_FRAME_SIZE + " are allowed");
        }
        checkOrder(type, flags, streamId);
        if (in.readableBytes() < FRAME_HEADER + length) {
            return false;
        }
        first = false;
        in.skipBytes(FRAME_HEADER + length); // First, because whoever hears of the frame may close the connection.
        read(in, start + FRAME_HEADER, length, type, flags, streamId, alloc);
        return true;
    }

    /** How many bytes the first frame lacks, as far as those that are there tell: first those of its header, then the others. */
    static int lacking(ByteBuf in) {
        int there = in.readableBytes();
        return there < FRAME_HEADER
                ? FRAME_HEADER - there
                : Math.max(0, FRAME_HEADER + in.getUnsignedMedium(in.readerIndex()) - there);
    }

    void close() {
        block.clear();
    }

    /** RFC 9113 §3.4: each end's first frame is SETTINGS. §4.3: nothing stands between the pieces of a field block. */
    private void checkOrder(int type, int flags, int streamId) {
        if (first && (type != Http2FrameTypes.SETTINGS || has(flags, Http2Flags.ACK))) {
            throw unlawful("the first frame is not SETTINGS");
        }
        if (block.isOpen() && (type != Http2FrameTypes.CONTINUATION || streamId != block.streamId())) {
            throw unlawful("a frame of type " + type + " on stream " + streamId
                    + " came in the middle of the field block of stream " + block.streamId());
        }
    }

    private void read(ByteBuf in, int at, int length, int type, int flags, int streamId, ByteBufAllocator alloc) {
        switch (type) {
            case Http2FrameTypes.DATA -> data(in, at, length, flags, streamId);
            case Http2FrameTypes.HEADERS -> headers(in, at, length, flags, streamId, alloc);
            case Http2FrameTypes.PRIORITY -> priority(length, streamId);
            case Http2FrameTypes.RST_STREAM -> {
                requireStream("RST_STREAM", streamId);
                requireLength("RST_STREAM", length, Integer.BYTES);
                frames.rstStream(streamId, in.getUnsignedInt(at));
            }
            case Http2FrameTypes.SETTINGS -> settings(in, at, length, flags, streamId);
            case Http2FrameTypes.PUSH_PROMISE -> frames.pushPromise();
            case Http2FrameTypes.PING -> ping(in, at, length, flags, streamId);
            case Http2FrameTypes.GO_AWAY -> goAway(in, at, length, streamId);
            case Http2FrameTypes.WINDOW_UPDATE -> windowUpdate(in, at, length, streamId);
            case Http2FrameTypes.CONTINUATION -> continuation(in, at, length, flags, streamId);
            default -> frames.ignored();
        }
    }

    private void data(ByteBuf in, int at, int length, int flags, int streamId) {
        requireStream("DATA", streamId);
        int padding = padding(in, at, length, flags);
        int before = padding == 0 ? 0 : 1;
        frames.data(streamId, in.slice(at + before, length - padding), padding, has(flags, Http2Flags.END_STREAM));
    }

    private void headers(ByteBuf in, int at, int length, int flags, int streamId, ByteBufAllocator alloc) {
        requireStream("HEADERS", streamId);
        int padding = padding(in, at, length, flags);
        int before = padding == 0 ? 0 : 1;
        int priority = has(flags, Http2Flags.PRIORITY) ? PRIORITY_FIELDS : 0;
        if (length - padding < priority) {
            throw wrongSize("HEADERS of " + length + " octets are too short for their padding and priority");
        }
        int from = at + before + priority;
        int octets = length - padding - priority;
        boolean endStream = has(flags, Http2Flags.END_STREAM);
        if (has(flags, Http2Flags.END_HEADERS)) {
            block.requireRoom(octets);
            decode(streamId, in.slice(from, octets), endStream);
        } else {
            block.open(streamId, endStream, in, from, octets, alloc);
        }
    }

    private void continuation(ByteBuf in, int at, int length, int flags, int streamId) {
        if (!block.isOpen()) {
            throw unlawful("CONTINUATION came on stream " + streamId + ", where no field block is under way");
        }
        block.add(in, at, length);
        if (has(flags, Http2Flags.END_HEADERS)) {
            boolean endStream = block.endsStream();
            ByteBuf whole = block.take();
            try {
                decode(streamId, whole, endStream);
            } finally {
                whole.release();
            }
        }
    }

    private void decode(int streamId, ByteBuf octets, boolean endStream) {
        HeaderSink headers;
        try {
            headers = decoder.decode(streamId, octets);
        } catch (Http2Exception.HeaderListSizeException tooLarge) {
            frames.headersTooLarge(streamId, endStream);
            return;
        } catch (Http2Exception undecodable) {
            throw new ConnectionError(undecodable.error().code(), String.valueOf(undecodable.getMessage()));
        }
        frames.headers(streamId, headers, endStream);
    }

    /** RFC 9113 §6.3: of a wrong length it breaks its stream; otherwise it says nothing that anybody heeds. */
    private void priority(int length, int streamId) {
        requireStream("PRIORITY", streamId);
        if (length != PRIORITY_FIELDS) {
            frames.streamError(streamId, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY has " + length + " octets, not 5");
        } else {
            frames.ignored();
        }
    }

    private void settings(ByteBuf in, int at, int length, int flags, int streamId) {
        requireConnection("SETTINGS", streamId);
        if (has(flags, Http2Flags.ACK)) {
            requireLength("the acknowledgement of SETTINGS", length, 0);
            frames.settingsAck();
            return;
        }
        if (length % SETTING != 0) {
            throw wrongSize("SETTINGS have " + length + " octets, no multiple of " + SETTING);
        }
        for (int setting = at; setting < at + length; setting += SETTING) {
            frames.setting(in.getUnsignedShort(setting), in.getUnsignedInt(setting + 2));
        }
        frames.settingsEnd();
    }

    private void ping(ByteBuf in, int at, int length, int flags, int streamId) {
        requireConnection("PING", streamId);
        requireLength("PING", length, Long.BYTES);
        if (has(flags, Http2Flags.ACK)) {
            frames.pingAck(in.getLong(at));
        } else {
            frames.ping(in.getLong(at));
        }
    }

    private void goAway(ByteBuf in, int at, int length, int streamId) {
        requireConnection("GOAWAY", streamId);
        int fixed = 2 * Integer.BYTES;
        if (length < fixed) {
            throw wrongSize("GOAWAY has " + length + " octets (expected: >= " + fixed + ")");
        }
        int lastStreamId = in.getInt(at) & Integer.MAX_VALUE;
        frames.goAway(lastStreamId, in.getUnsignedInt(at + Integer.BYTES), in.slice(at + fixed, length - fixed));
    }

    private void windowUpdate(ByteBuf in, int at, int length, int streamId) {
        requireLength("WINDOW_UPDATE", length, Integer.BYTES);
        int increment = in.getInt(at) & Integer.MAX_VALUE;
        if (increment > 0) {
            frames.windowUpdate(streamId, increment);
        } else if (streamId == 0) {
            throw unlawful("WINDOW_UPDATE adds nothing to the connection's window");
        } else {
            frames.streamError(streamId, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE adds nothing to the stream's window");
        }
    }

    /** The octets of padding and of its length; 0 if the frame has neither. RFC 9113 §6.1: it must fit the frame. */
    private static int padding(ByteBuf in, int at, int length, int flags) {
        if (!has(flags, Http2Flags.PADDED)) {
            return 0;
        }
        if (length == 0) {
            throw wrongSize("a padded frame is too short for the length of its padding");
        }
        int padding = 1 + in.getUnsignedByte(at);
        if (padding > length) {
            throw unlawful("a frame of " + length + " octets claims " + (padding - 1) + " octets of padding");
        }
        return padding;
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static void requireStream(String frame, int streamId) {
        if (streamId == 0) {
            throw unlawful(frame + " belongs to a stream, but came on stream 0");
        }
    }

    private static void requireConnection(String frame, int streamId) {
        if (streamId != 0) {
            throw unlawful(frame + " belongs to the connection, but came on stream " + streamId);
        }
    }

    private static void requireLength(String frame, int length, int expected) {
        if (length != expected) {
            throw wrongSize(frame + " has " + length + " octets (expected: " + expected + ")");
        }
    }

    private static ConnectionError wrongSize(String why) {
        return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, why);
    }

    private static ConnectionError unlawful(String why) {
        return new ConnectionError(ErrorCode.PROTOCOL_ERROR, why);
    }
}
