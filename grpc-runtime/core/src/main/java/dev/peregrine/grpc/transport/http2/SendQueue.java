// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessagePrefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Encoded messages of one stream that wait for a window. */
final class SendQueue {

    /** Messages from here on are encoded before they are posted to the event loop, so that it need not. */
    private static final int ENCODED_AHEAD = 8 << 10;

    /**
     * Messages larger than this are encoded into pieces of this size. A frame takes just one by default, and gives it back when
     * it is sent; and allocators pool pieces, but not whatever size a message may have.
     */
    private static final int PIECE = FrameReader.MAX_FRAME_SIZE;

    private final Deque<ByteBuf> waiting = new ArrayDeque<>(4);
    private int bytes;

    /** The message with its prefix, in a buffer of its own, of one piece or of several. */
    static ByteBuf encode(OutboundMessage<?> message, ByteBufAllocator alloc) {
        ByteBuf encoded = room(MessagePrefix.LENGTH + message.length(), alloc);
        try {
            MessagePrefix.write(encoded, message.isCompressed(), message.length());
            message.writeTo(encoded);
            return encoded;
        } catch (RuntimeException | Error unencodable) {
            encoded.release();
            throw unencodable;
        }
    }

    private static ByteBuf room(int length, ByteBufAllocator alloc) {
        if (length <= PIECE) {
            return alloc.directBuffer(length);
        }
        CompositeByteBuf pieces = alloc.compositeDirectBuffer(Integer.MAX_VALUE);
        for (int left = length; left > 0; left -= PIECE) {
            int size = Math.min(left, PIECE);
            pieces.addComponent(alloc.directBuffer(size, size).writerIndex(size));
        }
        return pieces;
    }

    /**
     * The message encoded, if it is large, by the thread that sends it; null if the event loop is to do it: a small one, or
     * one that cannot be encoded, so that it fails in one place.
     */
    @AnyThread
    static @Nullable ByteBuf encodeAhead(OutboundMessage<?> message, ByteBufAllocator alloc) {
        if (message.length() < ENCODED_AHEAD) {
            return null;
        }
        try {
            return encode(message, alloc);
        } catch (RuntimeException | Error unencodable) {
            return null;
        }
    }

    static void release(@Nullable ByteBuf encoded) {
        if (encoded != null) {
            encoded.release();
        }
    }

    void add(ByteBuf encoded) {
        bytes += encoded.readableBytes();
        if (encoded instanceof CompositeByteBuf pieces) {
            for (int i = 0; i < pieces.numComponents(); i++) {
                waiting.add(pieces.internalComponent(i).retain());
            }
            pieces.release();
        } else {
            waiting.add(encoded);
        }
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    int bytes() {
        return bytes;
    }

    /** The oldest message, or piece of one, that is not wholly taken. */
    ByteBuf head() {
        return waiting.element();
    }

    /** This many bytes of the head have gone out. */
    void taken(int count) {
        bytes -= count;
        if (!waiting.element().isReadable()) {
            waiting.remove().release();
        }
    }

    void clear() {
        for (ByteBuf encoded = waiting.poll(); encoded != null; encoded = waiting.poll()) {
            encoded.release();
        }
        bytes = 0;
    }
}
