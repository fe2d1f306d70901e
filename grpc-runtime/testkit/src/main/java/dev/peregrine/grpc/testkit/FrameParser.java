// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One frame's payload to its meaning, with the length and stream rules of RFC 9113, section 6. */
final class FrameParser {

    private final HeaderDecoder headerDecoder;

    FrameParser(HeaderDecoder headerDecoder) {
        this.headerDecoder = headerDecoder;
    }

    static boolean opensHeaderBlock(Frame.Raw raw) {
        return raw.type() == FrameType.HEADERS || raw.type() == FrameType.PUSH_PROMISE;
    }

    /** The part of a header block that HEADERS or PUSH_PROMISE itself carries. */
    Octets headerFragment(Frame.Raw raw) throws ProtocolBreach {
        onStream(raw);
        int before = 0;
        if (raw.type() == FrameType.PUSH_PROMISE) {
            before = 4;
        } else if ((raw.flags() & FrameFlag.PRIORITY) != 0) {
            before = 5;
        }
        Octets content = unpadded(raw);
        if (content.length() < before) {
            throw new ProtocolBreach("6.2", raw + " is too short for its flags");
        }
        return content.from(before);
    }

    Frame withHeaderBlock(Frame.Raw raw, Octets block, int continuations) throws ProtocolBreach {
        List<Header> headers = headerDecoder.decode(raw.streamId(), block);
        if (raw.type() == FrameType.PUSH_PROMISE) {
            return new Frame.PushPromise(raw.streamId(), numbers(unpadded(raw)).getInt(), headers);
        }
        return new Frame.Headers(raw.streamId(), headers, endStream(raw), padding(raw), continuations);
    }

    /** Every type but those of header blocks. */
    Frame parse(Frame.Raw raw) throws ProtocolBreach {
        ByteBuffer numbers = numbers(raw.payload());
        switch (raw.type()) {
            case FrameType.DATA -> {
                onStream(raw);
                return new Frame.Data(raw.streamId(), unpadded(raw), endStream(raw), padding(raw));
            }
            case FrameType.PRIORITY -> {
                onStream(raw);
                length(raw, 5, "6.3");
                int dependency = numbers.getInt();
                int weight = (numbers.get() & 0xff) + 1;
                return new Frame.Priority(raw.streamId(), dependency & Integer.MAX_VALUE, dependency < 0, weight);
            }
            case FrameType.RST_STREAM -> {
                onStream(raw);
                length(raw, 4, "6.4");
                return new Frame.RstStream(raw.streamId(), Integer.toUnsignedLong(numbers.getInt()));
            }
            case FrameType.SETTINGS -> {
                return settings(raw);
            }
            case FrameType.PING -> {
                onConnection(raw);
                length(raw, 8, "6.7");
                return new Frame.Ping(isAck(raw), numbers.getLong());
            }
            case FrameType.GOAWAY -> {
                onConnection(raw);
                if (raw.payload().length() < 8) {
                    throw new ProtocolBreach("6.8", raw + " is shorter than 8 octets");
                }
                int lastStreamId = numbers.getInt() & Integer.MAX_VALUE;
                long errorCode = Integer.toUnsignedLong(numbers.getInt());
                return new Frame.GoAway(
                        lastStreamId, errorCode, raw.payload().from(8).utf8());
            }
            case FrameType.WINDOW_UPDATE -> {
                length(raw, 4, "6.9");
                int increment = numbers.getInt();
                if (increment <= 0) {
                    throw new ProtocolBreach("6.9", raw + " does not add 1 to 2^31-1 octets");
                }
                return new Frame.WindowUpdate(raw.streamId(), increment);
            }
            default -> {
                return raw;
            }
        }
    }

    private static Frame settings(Frame.Raw raw) throws ProtocolBreach {
        onConnection(raw);
        int length = raw.payload().length();
        if (length % 6 != 0 || (isAck(raw) && length > 0)) {
            throw new ProtocolBreach("6.5", raw + " is not made of whole settings, or is an ACK that has some");
        }
        Map<Integer, Long> values = new LinkedHashMap<>();
        ByteBuffer numbers = numbers(raw.payload());
        while (numbers.hasRemaining()) {
            values.put(Short.toUnsignedInt(numbers.getShort()), Integer.toUnsignedLong(numbers.getInt()));
        }
        return new Frame.Settings(isAck(raw), values);
    }

    private static Octets unpadded(Frame.Raw raw) throws ProtocolBreach {
        int padding = padding(raw);
        if (padding > raw.payload().length()) {
            throw new ProtocolBreach("6.1", raw + " has more padding than payload");
        }
        return padding == 0
                ? raw.payload()
                : raw.payload().slice(1, raw.payload().length() - padding + 1);
    }

    /** Pad length octet and padding together; 0 if the frame is not padded. */
    private static int padding(Frame.Raw raw) throws ProtocolBreach {
        if ((raw.flags() & FrameFlag.PADDED) == 0) {
            return 0;
        }
        if (raw.payload().length() == 0) {
            throw new ProtocolBreach("6.1", raw + " is padded but has no pad length");
        }
        return raw.payload().at(0) + 1;
    }

    private static void onStream(Frame.Raw raw) throws ProtocolBreach {
        if (raw.streamId() == 0) {
            throw new ProtocolBreach("6", raw + " belongs on a stream");
        }
    }

    private static void onConnection(Frame.Raw raw) throws ProtocolBreach {
        if (raw.streamId() != 0) {
            throw new ProtocolBreach("6", raw + " belongs on stream 0");
        }
    }

    private static void length(Frame.Raw raw, int expected, String section) throws ProtocolBreach {
        if (raw.payload().length() != expected) {
            throw new ProtocolBreach(section, raw + " is not " + expected + " octets long");
        }
    }

    private static boolean endStream(Frame.Raw raw) {
        return (raw.flags() & FrameFlag.END_STREAM) != 0;
    }

    private static boolean isAck(Frame.Raw raw) {
        return (raw.flags() & FrameFlag.ACK) != 0;
    }

    private static ByteBuffer numbers(Octets octets) {
        return ByteBuffer.wrap(octets.toArray());
    }
}
