// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the compressed messages of one direction of one call, and keeps account of them. Two bounds hold while a message
 * is unpacked, not when it is done: what one message may have, and how much more than it sent a peer may make us unpack.
 * The second counts the messages of the call together, and begins to hold when they have unpacked to more than the largest
 * single message could: a single one may be as empty as it likes, a stream of small bombs may not.
 *
 * <p>Any thread; usually the connection's for small messages and the handler's for large ones.
 */
public final class Inflation {

    /** What an event loop unpacks in place: some tens of microseconds. */
    private static final int IN_PLACE = 16 << 10;

    private final MessageEncoding encoding;
    private final int maxMessageSize;
    private final int maxRatio;

    // Guarded by this.
    private long received;
    private long unpacked;

    /**
     * @param maxMessageSize the most bytes of an unpacked message
     * @param maxRatio how many bytes may be unpacked for each that came
     */
    public Inflation(MessageEncoding encoding, int maxMessageSize, int maxRatio) {
        this.encoding = encoding;
        this.maxMessageSize = maxMessageSize;
        this.maxRatio = maxRatio;
    }

    /**
     * The message, to be released by the caller; null if it is too large for a thread that others wait for.
     *
     * @throws StatusException as {@link #unpack}
     */
    @Nullable
    ByteBuf unpackIfSmall(ByteBuf compressed) {
        return compressed.readableBytes() > IN_PLACE ? null : unpack(compressed, IN_PLACE);
    }

    /**
     * The message, to be released by the caller.
     *
     * @throws StatusException INTERNAL if the bytes are corrupt, RESOURCE_EXHAUSTED if they unpack to more than they may
     */
    ByteBuf unpack(ByteBuf compressed) {
        ByteBuf message = unpack(compressed, Integer.MAX_VALUE);
        if (message == null) {
            throw new IllegalStateException("a message grew beyond what any message may have");
        }
        return message;
    }

    /** Null if the message has more bytes than {@code patience}, but no more than are allowed. */
    private @Nullable ByteBuf unpack(ByteBuf compressed, int patience) {
        int size = compressed.readableBytes();
        int allowed = allowed(size);
        MessageSink sink = new MessageSink(Math.min(allowed, patience), Math.min(4 * size, IN_PLACE));
        boolean done = false;
        try {
            encoding.decompress(compressed.nioBuffer(), sink);
            if (!sink.isFull()) {
                count(size, sink.bytes().readableBytes());
                done = true;
                return sink.bytes();
            }
        } catch (IOException corrupt) {
            if (!sink.isFull()) {
                throw corrupt(size, ": " + corrupt.getMessage(), corrupt);
            }
        } catch (RuntimeException careless) { // Its text is about the encoding, not about the bytes.
            if (!sink.isFull()) {
                throw corrupt(size, "", careless);
            }
        } finally {
            if (!done) {
                sink.bytes().release();
            }
        }
        if (allowed > patience) {
            return null;
        }
        throw tooLarge(size, allowed);
    }

    /** The most that a message of this many compressed bytes may unpack to now. */
    private synchronized int allowed(int size) {
        long ofCall = Math.max(maxMessageSize, (received + size) * maxRatio) - unpacked;
        return (int) Math.max(0, Math.min(maxMessageSize, ofCall));
    }

    private synchronized void count(int size, int message) {
        received += size;
        unpacked += message;
    }

    private StatusException tooLarge(int size, int allowed) {
        String text = allowed == maxMessageSize
                ? "a message of " + size + " bytes unpacks to more than the allowed " + maxMessageSize
                        + "; raise the receiver's limit for inbound messages, or send less at once"
                : "the messages of the call unpack to more than the allowed " + maxRatio
                        + " times what was received; raise the receiver's maxCompressionRatio, or do not compress them";
        return new StatusException(StatusCode.RESOURCE_EXHAUSTED, text);
    }

    private StatusException corrupt(int size, String why, Exception cause) {
        return Status.of(
                        StatusCode.INTERNAL,
                        "a message of " + size + " bytes cannot be unpacked by " + encoding.name() + why)
                .withCause(cause)
                .asException();
    }
}
