// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.nio.ByteBuffer;
import java.util.Map;

/** Frames to octets. Writes what it is told, lawful or not. */
final class FrameWriter {

    private final HeaderEncoder headerEncoder;

    FrameWriter(HeaderEncoder headerEncoder) {
        this.headerEncoder = headerEncoder;
    }

    Octets octets(Frame frame) {
        if (frame instanceof Frame.Headers headers) {
            return headers(headers);
        }
        return raw(frame).octets();
    }

    private Frame.Raw raw(Frame frame) {
        if (frame instanceof Frame.Data data) {
            int flags = (data.endStream() ? FrameFlag.END_STREAM : 0) | (data.padding() > 0 ? FrameFlag.PADDED : 0);
            return new Frame.Raw(FrameType.DATA, flags, data.streamId(), padded(data.payload(), data.padding()));
        }
        if (frame instanceof Frame.Priority priority) {
            Octets payload = numbers(5)
                    .putInt(priority.dependency() | (priority.exclusive() ? 1 << 31 : 0))
                    .put((byte) (priority.weight() - 1))
                    .octets();
            return new Frame.Raw(FrameType.PRIORITY, 0, priority.streamId(), payload);
        }
        if (frame instanceof Frame.RstStream reset) {
            Octets payload = numbers(4).putInt((int) reset.errorCode()).octets();
            return new Frame.Raw(FrameType.RST_STREAM, 0, reset.streamId(), payload);
        }
        if (frame instanceof Frame.Settings settings) {
            return settings(settings);
        }
        if (frame instanceof Frame.PushPromise promise) {
            Octets block = headerEncoder.encode(promise.streamId(), promise.headers());
            Octets payload =
                    numbers(4).putInt(promise.promisedStreamId()).octets().plus(block);
            return new Frame.Raw(FrameType.PUSH_PROMISE, FrameFlag.END_HEADERS, promise.streamId(), payload);
        }
        if (frame instanceof Frame.Ping ping) {
            Octets payload = numbers(8).putLong(ping.payload()).octets();
            return new Frame.Raw(FrameType.PING, ping.ack() ? FrameFlag.ACK : 0, 0, payload);
        }
        if (frame instanceof Frame.GoAway goAway) {
            Octets payload = numbers(8)
                    .putInt(goAway.lastStreamId())
                    .putInt((int) goAway.errorCode())
                    .octets()
                    .plus(Octets.utf8(goAway.debugText()));
            return new Frame.Raw(FrameType.GOAWAY, 0, 0, payload);
        }
        if (frame instanceof Frame.WindowUpdate update) {
            Octets payload = numbers(4).putInt(update.increment()).octets();
            return new Frame.Raw(FrameType.WINDOW_UPDATE, 0, update.streamId(), payload);
        }
        if (frame instanceof Frame.Continuation continuation) {
            int flags = continuation.endHeaders() ? FrameFlag.END_HEADERS : 0;
            return new Frame.Raw(FrameType.CONTINUATION, flags, continuation.streamId(), continuation.fragment());
        }
        if (frame instanceof Frame.Raw raw) {
            return raw;
        }
        throw new IllegalArgumentException("not a single frame: " + frame);
    }

    private static Frame.Raw settings(Frame.Settings settings) {
        Numbers payload = numbers(6 * settings.values().size());
        for (Map.Entry<Integer, Long> setting : settings.values().entrySet()) {
            payload.putShort(setting.getKey()).putInt(setting.getValue().intValue());
        }
        return new Frame.Raw(FrameType.SETTINGS, settings.ack() ? FrameFlag.ACK : 0, 0, payload.octets());
    }

    /** HEADERS and its CONTINUATIONs, one behind the other: nothing may stand between them, section 6.10. */
    private Octets headers(Frame.Headers headers) {
        Octets block = headerEncoder.encode(headers.streamId(), headers.headers());
        int pieces = headers.continuations() + 1;
        int pieceLength = (block.length() + pieces - 1) / pieces;
        Octets first = block.slice(0, Math.min(pieceLength, block.length()));
        int flags = (headers.endStream() ? FrameFlag.END_STREAM : 0)
                | (headers.padding() > 0 ? FrameFlag.PADDED : 0)
                | (pieces == 1 ? FrameFlag.END_HEADERS : 0);
        Octets written =
                new Frame.Raw(FrameType.HEADERS, flags, headers.streamId(), padded(first, headers.padding())).octets();
        for (int piece = 1; piece < pieces; piece++) {
            int start = Math.min(piece * pieceLength, block.length());
            int end = Math.min(start + pieceLength, block.length());
            Frame.Continuation continuation =
                    new Frame.Continuation(headers.streamId(), block.slice(start, end), piece == pieces - 1);
            written = written.plus(raw(continuation).octets());
        }
        return written;
    }

    /** @param padding the pad length octet and the padding behind the payload; 0 for neither */
    private static Octets padded(Octets payload, int padding) {
        if (padding == 0) {
            return payload;
        }
        if (padding < 0 || padding > 256) {
            throw new IllegalArgumentException(
                    "padding " + padding + " does not fit its length octet (expected: 0 to 256;"
                            + " write a Frame.Raw for a pad length that lies)");
        }
        return Octets.of((byte) (padding - 1)).plus(payload).plus(Octets.zeros(padding - 1));
    }

    private static Numbers numbers(int length) {
        return new Numbers(ByteBuffer.allocate(length));
    }

    /** Big-endian numbers in a row. */
    private record Numbers(ByteBuffer buffer) {

        Numbers put(byte value) {
            buffer.put(value);
            return this;
        }

        Numbers putShort(int value) {
            buffer.putShort((short) value);
            return this;
        }

        Numbers putInt(int value) {
            buffer.putInt(value);
            return this;
        }

        Numbers putLong(long value) {
            buffer.putLong(value);
            return this;
        }

        Octets octets() {
            return Octets.of(buffer.array());
        }
    }
}
