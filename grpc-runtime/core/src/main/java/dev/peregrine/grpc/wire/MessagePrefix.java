// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import io.netty.buffer.ByteBuf;

/**
 * What stands before every message in the stream of DATA.
 *
 * <pre>
 * Length-Prefixed-Message → Compressed-Flag Message-Length Message
 * Compressed-Flag         → 0 / 1       ; encoded as 1 byte unsigned integer
 * Message-Length          → {length of Message}   ; encoded as 4 byte unsigned integer (big endian)
 * </pre>
 */
public final class MessagePrefix {

    /** The bytes of the flag and of the length. */
    public static final int LENGTH = 5;

    private MessagePrefix() {}

    /** @param length the bytes of the message that follows, compressed if it is */
    public static void write(ByteBuf out, boolean compressed, int length) {
        out.writeByte(compressed ? 1 : 0).writeInt(length);
    }
}
