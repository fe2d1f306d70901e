// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Turns messages into bytes and back. Writing is in two steps, size then bytes, so that a message is encoded in place,
 * behind the headers it travels with.
 *
 * <p>Implementations are stateless and safe for use by all threads.
 *
 * @param <T> the message type
 */
public interface Marshaller<T> {

    /** The exact number of bytes that {@link #write} will put for this message. */
    int size(T message);

    /**
     * Puts exactly {@link #size} bytes at the buffer's position. The buffer has that much room and is not kept.
     */
    void write(T message, ByteBuffer out);

    /**
     * Puts exactly {@link #size} bytes into a stream: for messages so large that they are kept in several pieces of memory.
     * Unless overridden, that takes an array of the message's size in between. The stream is not kept, nor closed.
     *
     * @throws IOException if the stream does
     */
    default void write(T message, OutputStream out) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(size(message));
        write(message, whole);
        out.write(whole.array(), 0, whole.position());
    }

    /**
     * Reads a message from all remaining bytes. The buffer must not be kept: its memory is reused.
     *
     * @throws IllegalArgumentException if the bytes are no such message; the text may be shown to the peer
     */
    T read(ByteBuffer in);
}
