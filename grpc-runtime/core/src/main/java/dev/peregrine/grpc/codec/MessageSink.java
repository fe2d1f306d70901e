// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Where an encoding writes. It grows with what is written and takes no more than its limit, so that no encoding can be
 * talked into filling the memory. It remembers when there was more: an encoding need not pass on what is thrown at it then.
 *
 * <p>Use {@link #room()} and {@link #written} to fill buffers, or {@link #stream()}. For one thread, during the call of the
 * encoding's method.
 */
public final class MessageSink {

    private static final int FIRST_CAPACITY = 512;

    private final int limit;
    private final ByteBuf bytes;
    private boolean full;

    /**
     * @param expected how much will come, if that is known from what has been received; only a hint
     */
    MessageSink(int limit, int expected) {
        this.limit = limit;
        // One byte beyond the limit, to see whether there is more without asking the encoding.
        int most = limit == Integer.MAX_VALUE ? limit : limit + 1;
        this.bytes = ByteBufAllocator.DEFAULT.directBuffer(Math.min(Math.max(FIRST_CAPACITY, expected), most), most);
    }

    /** Free space for at least one byte; say with {@link #written} how much of it was used. Direct memory. */
    public ByteBuffer room() {
        if (!bytes.isWritable()) {
            bytes.ensureWritable(Math.min(Math.max(FIRST_CAPACITY, bytes.capacity()), bytes.maxWritableBytes()));
        }
        return bytes.nioBuffer(bytes.writerIndex(), bytes.writableBytes());
    }

    /**
     * This many bytes were put at the beginning of what {@link #room()} gave.
     *
     * @throws RuntimeException if that is more than the limit
     * @throws IllegalArgumentException if that is more than there was room for
     */
    public void written(int count) {
        if (count < 0 || count > bytes.writableBytes()) {
            throw new IllegalArgumentException(
                    "written: " + count + " bytes (expected: 0 to " + bytes.writableBytes() + ", the room there was)");
        }
        bytes.writerIndex(bytes.writerIndex() + count);
        if (bytes.readableBytes() > limit) {
            throw overfull();
        }
    }

    /**
     * Adds these bytes.
     *
     * @throws RuntimeException if there are more than the limit then
     */
    public void write(byte[] source, int offset, int length) {
        if (length > limit - bytes.readableBytes()) {
            throw overfull();
        }
        bytes.writeBytes(source, offset, length);
    }

    private RuntimeException overfull() {
        full = true;
        return SinkFullException.INSTANCE;
    }

    /** Whether there was more than the limit, whatever the encoding made of what it was thrown then. */
    boolean isFull() {
        return full;
    }

    /** This sink as a stream. Closing it does nothing. */
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                MessageSink.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) {
                MessageSink.this.write(source, offset, length);
            }
        };
    }

    /** What was written; whoever made the sink releases it. */
    ByteBuf bytes() {
        return bytes;
    }
}
