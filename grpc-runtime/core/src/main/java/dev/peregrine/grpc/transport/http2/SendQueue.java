// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessagePrefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Encoded messages of one stream that wait for a window. */
final class SendQueue {

    /** Messages from here on are encoded before they are posted to the event loop, so that it need not. */
    private static final int ENCODED_AHEAD = 8 << 10;

    private final Deque<ByteBuf> waiting = new ArrayDeque<>(4);
    private int bytes;

    /** The message with its prefix, in a buffer of its own. */
    static ByteBuf encode(OutboundMessage<?> message, ByteBufAllocator alloc) {
        ByteBuf encoded = alloc.directBuffer(MessagePrefix.LENGTH + message.length());
        try {
            MessagePrefix.write(encoded, message.isCompressed(), message.length());
            message.writeTo(encoded);
            return encoded;
        } catch (RuntimeException | Error unencodable) {
            encoded.release();
            throw unencodable;
        }
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
        waiting.add(encoded);
        bytes += encoded.readableBytes();
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    int bytes() {
        return bytes;
    }

    /** The oldest message that is not wholly taken. */
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
