// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What the socket brings, on its way to the {@link FrameReader}. What arrives whole is read where it lies; only the
 * beginning of an incomplete frame is kept.
 */
final class FrameInput {

    private final FrameReader reader;
    private final Preface preface;
    private @Nullable ByteBuf kept;

    FrameInput(FrameReader reader, Preface preface) {
        this.reader = reader;
        this.preface = preface;
    }

    /**
     * Takes over the bytes and reads all frames that are complete.
     *
     * @throws ConnectionError if a frame breaks the connection
     * @throws Preface.NotHttp2 if the other end speaks another protocol
     */
    void read(ByteBufAllocator alloc, ByteBuf received) {
        ByteBuf input = received;
        if (kept != null) {
            if (preface.isComplete() && !completeKept(kept, alloc, received)) {
                return;
            }
            input = kept == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, kept, received);
        }
        kept = input;
        if (preface.isComplete() || preface.read(input)) {
            boolean more;
            do {
                more = reader.read(input, alloc);
            } while (more && kept == input);
        }
        if (kept == input) { // Else reading closed the connection, and with it this.
            kept = remainder(alloc, input);
        }
    }

    /**
     * Reads the frame that was kept, once it has the bytes it lacks; they alone are copied. False if there is nothing more to
     * be read: because all that was received belongs to that frame, or because the frame closed the connection.
     */
    private boolean completeKept(ByteBuf frame, ByteBufAllocator alloc, ByteBuf received) {
        boolean more = false;
        try {
            boolean whole;
            do {
                frame.writeBytes(received, Math.min(FrameReader.lacking(frame), received.readableBytes()));
                whole = reader.read(frame, alloc);
            } while (!whole && kept == frame && received.isReadable());
            if (whole && kept == frame) { // Else reading closed the connection, and with it this.
                kept = null;
                frame.release();
                more = received.isReadable();
            }
            return more;
        } finally {
            if (!more) {
                received.release();
            }
        }
    }

    /**
     * What is not read yet, in a buffer that has room for the rest of its frame, if most of that is there. The buffer it came
     * in may be lent out in parts, and would grow without end under a peer whose writes never end where a frame does.
     */
    private static @Nullable ByteBuf remainder(ByteBufAllocator alloc, ByteBuf input) {
        try {
            int rest = input.readableBytes();
            return rest == 0
                    ? null
                    : alloc.buffer(Math.min(rest + FrameReader.lacking(input), 2 * rest))
                            .writeBytes(input);
        } finally {
            input.release();
        }
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
}
