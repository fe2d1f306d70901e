// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The frames of one sender as bytes, lawful or not. Header blocks go through the sender's one compression state. */
public final class FrameBytes {

    public static final int HEADER = 9;

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 0x1;
    public static final int ACK = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITISED = 0x20;

    private final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();

    public static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    public static byte[] data(int streamId, byte[] payload, int padding, boolean endStream) {
        int flags = (endStream ? END_STREAM : 0) | (padding > 0 ? PADDED : 0);
        return frame(DATA, flags, streamId, padded(payload, padding));
    }

    /** What counts against the windows of such a frame is {@code payload.length + padding}. */
    private static byte[] padded(byte[] payload, int padding) {
        if (padding == 0) {
            return payload;
        }
        return ByteBuffer.allocate(payload.length + padding)
                .put((byte) (padding - 1))
                .put(payload)
                .array();
    }

    public static byte[] windowUpdate(int streamId, long increment) {
        return frame(WINDOW_UPDATE, 0, streamId, number(increment));
    }

    public static byte[] rstStream(int streamId, long code) {
        return frame(RST_STREAM, 0, streamId, number(code));
    }

    public static byte[] ping(boolean ack, long payload) {
        return frame(
                PING, ack ? ACK : 0, 0, ByteBuffer.allocate(8).putLong(payload).array());
    }

    public static byte[] goAway(long lastStreamId, long code, byte[] debug) {
        return frame(
                GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8 + debug.length)
                        .putInt((int) lastStreamId)
                        .putInt((int) code)
                        .put(debug)
                        .array());
    }

    /** SETTINGS with these identifiers and values, in turn. */
    public static byte[] settings(long... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt((int) idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    public static byte[] settingsAck() {
        return frame(SETTINGS, ACK, 0, new byte[0]);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    /** A message of gRPC behind its prefix. */
    public static byte[] message(byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /** The header block of these names and values, in turn. */
    public byte[] block(List<String> fields) {
        AsciiString[] namesAndValues = fields.stream()
                .map(text -> new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false))
                .toArray(AsciiString[]::new);
        ByteBuf block = Unpooled.buffer();
        try {
            // "Trailers" is Netty's one list that is iterated as given, pseudo-header fields included.
            hpack.encodeHeaders(1, ReadOnlyHttp2Headers.trailers(false, namesAndValues), block);
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** HEADERS with this block, cut at random into CONTINUATIONs now and then, padded or prioritised. */
    public List<byte[]> headers(Chance chance, int streamId, List<String> fields, boolean endStream) {
        byte[] block = block(fields);
        int first = chance.oneIn(5) ? chance.below(block.length + 1) : block.length;
        int padding = chance.oneIn(6) ? chance.between(1, 20) : 0;
        boolean priority = chance.oneIn(8);
        ByteBuffer payload = ByteBuffer.allocate(padding + (priority ? 5 : 0) + first);
        if (padding > 0) {
            payload.put((byte) (padding - 1));
        }
        if (priority) {
            payload.putInt(streamId == 1 ? 0 : 1).put((byte) 15);
        }
        payload.put(block, 0, first);
        int flags = (endStream ? END_STREAM : 0)
                | (padding > 0 ? PADDED : 0)
                | (priority ? PRIORITISED : 0)
                | (first == block.length ? END_HEADERS : 0);
        List<byte[]> frames = new ArrayList<>();
        frames.add(frame(HEADERS, flags, streamId, payload.array()));
        for (int start = first; start < block.length; ) {
            int end = frames.size() > 8 ? block.length : chance.between(start, block.length);
            byte[] part = java.util.Arrays.copyOfRange(block, start, end);
            frames.add(frame(CONTINUATION, end == block.length ? END_HEADERS : 0, streamId, part));
            start = end;
        }
        return frames;
    }
}
