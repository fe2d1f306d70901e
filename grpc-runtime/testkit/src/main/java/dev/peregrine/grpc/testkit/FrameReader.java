// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Octets to frames: cuts the stream at the nine-octet headers (RFC 9113, section 4.1) and puts header blocks together
 * again. Used by the reading thread alone.
 */
final class FrameReader {

    private static final int HEADER_LENGTH = 9;

    private final InputStream in;
    private final FrameParser parser;
    private int maxFrameSize = 16_384;

    FrameReader(InputStream in, HeaderDecoder headerDecoder) {
        this.in = in;
        this.parser = new FrameParser(headerDecoder);
    }

    /** Takes the MAX_FRAME_SIZE that we announced and the other side has acknowledged. */
    void limitFrames(int octets) {
        maxFrameSize = octets;
    }

    /** Reads what a client says first; section 3.4. */
    void expectPreface() throws IOException, ProtocolBreach {
        Octets found = Octets.of(in.readNBytes(Preface.OCTETS.length()));
        if (!found.equals(Preface.OCTETS)) {
            throw new ProtocolBreach("3.4", "connection preface is \"" + found.latin1() + "\" (" + found + ")");
        }
    }

    /** The next frame, or null where the stream ends between two frames. */
    @Nullable
    Frame next() throws IOException, ProtocolBreach {
        Frame.Raw raw = nextRaw();
        if (raw == null) {
            return null;
        }
        if (raw.type() == FrameType.CONTINUATION) {
            throw new ProtocolBreach("6.10", raw + " has no header block to continue");
        }
        if (!FrameParser.opensHeaderBlock(raw)) {
            return parser.parse(raw);
        }
        Octets block = parser.headerFragment(raw);
        int continuations = 0;
        boolean complete = (raw.flags() & FrameFlag.END_HEADERS) != 0;
        while (!complete) {
            Frame.Raw continuation = nextRaw();
            if (continuation == null) {
                throw new EOFException("stream ended within a header block");
            }
            if (continuation.type() != FrameType.CONTINUATION || continuation.streamId() != raw.streamId()) {
                throw new ProtocolBreach("6.10", continuation + " within the header block of stream " + raw.streamId());
            }
            block = block.plus(continuation.payload());
            continuations++;
            complete = (continuation.flags() & FrameFlag.END_HEADERS) != 0;
        }
        return parser.withHeaderBlock(raw, block, continuations);
    }

    private Frame.@Nullable Raw nextRaw() throws IOException, ProtocolBreach {
        Octets header = Octets.of(in.readNBytes(HEADER_LENGTH));
        if (header.length() == 0) {
            return null;
        }
        if (header.length() < HEADER_LENGTH) {
            throw new EOFException("stream ended within a frame header, after " + header);
        }
        int length = header.at(0) << 16 | header.at(1) << 8 | header.at(2);
        int streamId = header.at(5) << 24 | header.at(6) << 16 | header.at(7) << 8 | header.at(8);
        Frame.Raw empty = new Frame.Raw(header.at(3), header.at(4), streamId, Octets.EMPTY);
        if (length > maxFrameSize) {
            throw new ProtocolBreach(
                    "4.2", empty + " claims " + length + " octets, larger than our MAX_FRAME_SIZE of " + maxFrameSize);
        }
        Octets payload = Octets.of(in.readNBytes(length));
        if (payload.length() < length) {
            throw new EOFException("stream ended within " + empty + ", after " + payload.length() + " of " + length
                    + " octets of payload");
        }
        if (streamId < 0) {
            throw new ProtocolBreach("4.1", empty + " has the reserved bit set");
        }
        return new Frame.Raw(empty.type(), empty.flags(), streamId, payload);
    }
}
