// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import io.netty.buffer.ByteBuf;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * Arrays that are lent to those who read a large message. Its bytes lie outside the heap, perhaps in several pieces, where
 * decoders cannot read or read slowly; most would make an array of the message's size for it each time, to copy out of.
 *
 * <p>What is idle is no more than an array for each of some threads, and is left to the garbage collector. Any thread.
 */
final class Staging {

    /** Below this, an array that nobody has to give back is cheaper. */
    private static final int MIN = 2 << 10;

    /** Larger arrays are not kept: what one peer once sent must not stay with us. */
    private static final int MOST_KEPT = 4 << 20;

    /** Arrays are made a little larger than asked for, so that the next message will fit. */
    private static final int STEP = 64 << 10;

    private static final Pool<WeakReference<byte[]>> IDLE = new Pool<>(
            Runtime.getRuntime().availableProcessors(), () -> new WeakReference<>(null), one -> {}, one -> {});

    private Staging() {}

    static boolean isWorthIt(ByteBuf bytes) {
        return bytes.readableBytes() >= MIN && !bytes.hasArray();
    }

    /** Has the reader read the bytes from an array, which it must not keep. */
    static <T> T read(ByteBuf bytes, Function<ByteBuffer, T> reader) {
        int size = bytes.readableBytes();
        WeakReference<byte[]> idle = IDLE.borrow();
        byte[] array = idle.get();
        if (array == null || array.length < size) {
            array = new byte[capacityFor(size)];
            idle = new WeakReference<>(array);
        }
        try {
            bytes.getBytes(bytes.readerIndex(), array, 0, size);
            return reader.apply(ByteBuffer.wrap(array, 0, size));
        } finally {
            if (array.length <= MOST_KEPT) {
                IDLE.giveBack(idle);
            }
        }
    }

    private static int capacityFor(int size) {
        return size > MOST_KEPT ? size : (size + STEP - 1) / STEP * STEP;
    }
}
