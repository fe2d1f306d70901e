// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.function.Consumer;

/** Makes messages smaller, if an encoding can. */
public final class Deflation {

    /**
     * Messages below are not tried: gzip adds 18 bytes to each, and what is saved on so few is not worth the time.
     */
    private static final int WORTH_TRYING = 64;

    private static final System.Logger LOG = System.getLogger(Deflation.class.getName());

    private static final byte[] NOT_SMALLER = {};

    private Deflation() {}

    /** Whether a message of this many bytes may become smaller. */
    public static boolean isWorthTrying(int length) {
        return length >= WORTH_TRYING;
    }

    /**
     * The compressed bytes of a message; empty if they would not be fewer than it has, or if it fails. compression.md: a
     * message that is compressed to no effect may be sent as it is.
     *
     * @param length of the message
     * @param message writes that many bytes into the buffer it is given
     */
    public static byte[] compress(MessageEncoding encoding, int length, Consumer<ByteBuf> message) {
        if (!isWorthTrying(length)) {
            return NOT_SMALLER;
        }
        try {
            return smaller(encoding, length, message);
        } catch (IOException | RuntimeException unable) {
            LOG.log(System.Logger.Level.DEBUG, "a message goes out as it is: it could not be compressed", unable);
            return NOT_SMALLER;
        } catch (Error unable) { // No memory for it, or a native library that is not there: the message is still good.
            LOG.log(System.Logger.Level.WARNING, "a message goes out as it is: it could not be compressed", unable);
            return NOT_SMALLER;
        }
    }

    private static byte[] smaller(MessageEncoding encoding, int length, Consumer<ByteBuf> message) throws IOException {
        ByteBuf plain = ByteBufAllocator.DEFAULT.directBuffer(length);
        try {
            message.accept(plain);
            MessageSink sink = new MessageSink(length - 1, length / 4);
            try {
                encoding.compress(plain.nioBuffer(), sink);
                if (sink.isFull()) {
                    return NOT_SMALLER;
                }
                byte[] compressed = new byte[sink.bytes().readableBytes()];
                sink.bytes().readBytes(compressed);
                return compressed;
            } catch (IOException | RuntimeException thrown) {
                if (sink.isFull()) {
                    return NOT_SMALLER;
                }
                throw thrown;
            } finally {
                sink.bytes().release();
            }
        } finally {
            plain.release();
        }
    }
}
