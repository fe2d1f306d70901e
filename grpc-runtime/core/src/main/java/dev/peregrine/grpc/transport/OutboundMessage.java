// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Marshaller;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A message on its way out: it knows its length, and becomes bytes when and where the transport wants them, behind the
 * headers it travels with.
 *
 * @param <T> the message type
 */
public final class OutboundMessage<T> {

    /** The bytes of a message that was compressed already; which marshaller it has is how one knows. */
    private static final Marshaller<byte[]> COMPRESSED = new Marshaller<>() {
        @Override
        public int size(byte[] bytes) {
            return bytes.length;
        }

        @Override
        public void write(byte[] bytes, ByteBuffer out) {
            out.put(bytes);
        }

        @Override
        public void write(byte[] bytes, OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public byte[] read(ByteBuffer in) {
            byte[] bytes = new byte[in.remaining()];
            in.get(bytes);
            return bytes;
        }
    };

    private final Marshaller<T> marshaller;
    private final T message;
    private final int length;

    public OutboundMessage(Marshaller<T> marshaller, T message) {
        this.marshaller = marshaller;
        this.message = message;
        this.length = marshaller.size(message);
    }

    /**
     * A message that is flagged as compressed: these are its bytes, by the encoding that was announced for the stream.
     * They must not change.
     */
    public static OutboundMessage<byte[]> compressed(byte[] bytes) {
        return new OutboundMessage<>(COMPRESSED, bytes);
    }

    /** Whether the flag in front of the message is 1. */
    public boolean isCompressed() {
        return marshaller == COMPRESSED;
    }

    /** The number of bytes {@link #writeTo} writes. */
    public int length() {
        return length;
    }

    /**
     * Writes the message's bytes; the buffer grows if it must, and may consist of pieces.
     *
     * @throws IllegalStateException if the marshaller does not write what it announced
     */
    public void writeTo(ByteBuf out) {
        if (length == 0) {
            return;
        }
        out.ensureWritable(length);
        int start = out.writerIndex();
        int written = out.nioBufferCount() == 1 ? writeInPlace(out, start) : writePieces(out, start);
        if (written != length) {
            throw new IllegalStateException("the marshaller of "
                    + message.getClass().getName() + " announced " + length + " bytes and wrote " + written);
        }
        out.writerIndex(start + length);
    }

    private int writeInPlace(ByteBuf out, int start) {
        ByteBuffer room = out.internalNioBuffer(start, length);
        marshaller.write(message, room);
        return length - room.remaining();
    }

    private int writePieces(ByteBuf out, int start) {
        try {
            marshaller.write(message, new ByteBufOutputStream(out));
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot be written to", impossible);
        }
        return out.writerIndex() - start;
    }
}
