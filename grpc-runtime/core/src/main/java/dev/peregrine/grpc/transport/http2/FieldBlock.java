// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A field block that comes in several frames (RFC 9113 §4.3): HEADERS without END_HEADERS, then CONTINUATION. Blocks that
 * never end are an attack (CVE-2024-27316 and its family), so both its octets and its frames are counted.
 */
final class FieldBlock {

    /**
     * CONTINUATION frames of less than {@link #SMALL} octets that one block may have: enough for any honest sender, while
     * endless small ones keep us busy for nothing.
     */
    private static final int MAX_SMALL_PIECES = 16;

    private static final int SMALL = 8 << 10;

    private final long most;

    private @Nullable ByteBuf pieces;
    private int streamId;
    private boolean endsStream;
    private int smallPieces;

    /**
     * @param most the octets a block may have as it travels
     */
    FieldBlock(long most) {
        this.most = most;
    }

    boolean isOpen() {
        return pieces != null;
    }

    int streamId() {
        return streamId;
    }

    /** Whether the HEADERS frame had END_STREAM, which counts when the block ends. */
    boolean endsStream() {
        return endsStream;
    }

    void open(int streamId, boolean endsStream, ByteBuf in, int from, int octets, ByteBufAllocator alloc) {
        this.streamId = streamId;
        this.endsStream = endsStream;
        smallPieces = 0;
        requireRoom(octets);
        pieces = alloc.buffer(octets).writeBytes(in, from, octets);
    }

    void add(ByteBuf in, int from, int octets) {
        if (pieces == null) {
            throw new IllegalStateException("no field block is under way");
        }
        if (octets < SMALL && ++smallPieces > MAX_SMALL_PIECES) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    "a field block came in more than " + MAX_SMALL_PIECES + " small CONTINUATION frames");
        }
        requireRoom(pieces.readableBytes() + (long) octets);
        pieces.writeBytes(in, from, octets);
    }

    /** The whole block, for the caller to release. */
    ByteBuf take() {
        if (pieces == null) {
            throw new IllegalStateException("no field block is under way");
        }
        ByteBuf whole = pieces;
        pieces = null;
        return whole;
    }

    void clear() {
        if (pieces != null) {
            take().release();
        }
    }

    /** Refuses a block that has, or comes to have, more octets than are worth decoding. */
    void requireRoom(long octets) {
        if (octets > most) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM, "a field block has more than the " + most + " octets we would decode");
        }
    }
}
