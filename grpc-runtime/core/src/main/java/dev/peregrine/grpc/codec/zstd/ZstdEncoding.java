// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * {@code zstd} (RFC 8878): smaller than gzip and several times as fast. It is used where it was added, and only with peers
 * that name it too:
 *
 * <pre>{@code
 * Server.builder().encodings(encodings -> encodings.with(ZstdEncoding.DEFAULT))
 * }</pre>
 *
 * Needs {@code com.github.luben:zstd-jni}, version 1.5 or later, on the class path; without it the first use of this class
 * fails with {@code NoClassDefFoundError}. Its native memory is taken for one message and given back behind it.
 */
public final class ZstdEncoding implements MessageEncoding {

    /** The level zstd itself has as default. */
    public static final ZstdEncoding DEFAULT = new ZstdEncoding(Zstd.defaultCompressionLevel());

    /**
     * The largest window a frame may ask us to keep, as a power of two: 8 MiB, which RFC 8878 §3.1.1.1.2 recommends to
     * support. zstd itself would allocate 128 MiB on the word of a header.
     */
    private static final int MAX_WINDOW_LOG = 23;

    private final int level;

    private ZstdEncoding(int level) {
        this.level = level;
    }

    /**
     * @param level 1, fastest, to 19, smallest
     * @throws IllegalArgumentException if the level is another number: those above need more memory to read than receivers
     *     have to have
     */
    public static ZstdEncoding ofLevel(int level) {
        if (level < 1 || level > 19) {
            throw new IllegalArgumentException("zstd level: " + level + " (expected: 1 to 19)");
        }
        return new ZstdEncoding(level);
    }

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public void compress(ByteBuffer message, MessageSink out) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            byte[] compressed = context.setLevel(level).compress(bytesOf(message));
            out.write(compressed, 0, compressed.length);
        }
    }

    @Override
    public void decompress(ByteBuffer compressed, MessageSink out) throws IOException {
        if (!compressed.hasRemaining()) { // Which zstd-jni takes for the end of what came before.
            throw new IOException("there is no frame");
        }
        try (ZstdInputStreamNoFinalizer frames =
                new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytesOf(compressed)))) {
            frames.setLongMax(MAX_WINDOW_LOG);
            frames.transferTo(out.stream());
        }
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
