// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A way to make messages smaller (PROTOCOL-HTTP2.md, Message-Encoding). {@link GzipEncoding} is there; bring others by
 * implementing this and adding them to the {@link MessageEncodings} of a server or a channel.
 *
 * <p>Each message stands for itself: "Compression contexts are NOT maintained over message boundaries".
 *
 * <p>Implementations are used by many threads at once, and, for messages of a few kilobytes, on event loops: they must not
 * wait for anything. What they borrow, native memory above all, they give back before they return, however they return.
 */
public interface MessageEncoding {

    /** What it is called in {@code grpc-encoding}: lower-case letters, digits, {@code -}, {@code _} and {@code .}. */
    String name();

    /**
     * Writes the message's compressed form.
     *
     * @param message all remaining bytes, direct or on the heap; not kept
     * @param out takes less than {@code message} has bytes, and throws a RuntimeException when there is more
     * @throws IOException if it cannot; the message then travels as it is
     */
    void compress(ByteBuffer message, MessageSink out) throws IOException;

    /**
     * Writes the message that these bytes are the compressed form of. Nothing is allocated on the word of a length that
     * the bytes announce: {@code out} grows with what is written.
     *
     * @param compressed all remaining bytes, direct or on the heap; not kept
     * @param out takes as much as a message may have, and throws a RuntimeException when there is more
     * @throws IOException if the bytes are corrupt, cut short, or followed by others; the text may be shown to the peer
     */
    void decompress(ByteBuffer compressed, MessageSink out) throws IOException;
}
