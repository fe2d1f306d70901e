// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/**
 * How a buffer gets more room: a small one by a copy in a larger one, so that it stays in one piece; from {@value #PIECED} bytes
 * on by a piece added behind it, so that no byte is copied twice, and allocators are asked for no more than they pool.
 */
final class Growth {

    private static final int PIECED = 16 << 10;

    /** Threads keep buffers of this size at hand; larger ones are cut from a pool that all share, or asked of the system. */
    private static final int PIECE = 16 << 10;

    private Growth() {}

    /**
     * @param full a buffer that is full; ownership passes
     * @param capacity how many bytes are to have room, counted from its reader index
     * @return what now holds its unread bytes, with that room
     */
    static ByteBuf of(ByteBuf full, int capacity, ByteBufAllocator alloc) {
        if (capacity <= PIECED) {
            ByteBuf larger = alloc.buffer(capacity).writeBytes(full);
            full.release();
            return larger;
        }
        CompositeByteBuf pieces =
                full instanceof CompositeByteBuf several && full.readerIndex() == 0 ? several : unread(full, alloc);
        for (int lacking = capacity - pieces.readableBytes(); lacking > 0; lacking -= PIECE) {
            int size = Math.min(lacking, PIECE);
            pieces.addComponent(alloc.buffer(size, size).writerIndex(size));
        }
        return pieces;
    }

    /**
     * The unread bytes alone. What was read stays as it is, for those who hold on to it: a message that was delivered may be
     * decoded later, by another thread.
     */
    private static CompositeByteBuf unread(ByteBuf full, ByteBufAllocator alloc) {
        return alloc.compositeBuffer(Integer.MAX_VALUE).addFlattenedComponents(true, full);
    }
}
