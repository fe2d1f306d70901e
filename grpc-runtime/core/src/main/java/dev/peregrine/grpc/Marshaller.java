// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

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
     * Reads a message from all remaining bytes. The buffer must not be kept: its memory is reused.
     *
     * @throws IllegalArgumentException if the bytes are no such message; the text may be shown to the peer
     */
    T read(ByteBuffer in);
}
