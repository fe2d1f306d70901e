// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * gzip (RFC 1952), which every implementation of gRPC knows. Reads all of the format, several members included; writes one
 * member without optional fields.
 *
 * <p>Deflaters and Inflaters hold native memory, about 270 and 45 KiB each. They are lent for one message; as many as there
 * are processors are kept idle for the next, for the life of this object.
 */
public final class GzipEncoding implements MessageEncoding {

    private static final int KEPT_IDLE = Runtime.getRuntime().availableProcessors();

    /** The compromise of zlib between speed and size. */
    public static final GzipEncoding DEFAULT = new GzipEncoding(Deflater.DEFAULT_COMPRESSION);

    private static final Pool<Inflater> INFLATERS =
            new Pool<>(KEPT_IDLE, () -> new Inflater(true), Inflater::reset, Inflater::end);

    /** RFC 1952 §2.3.1: ID1, ID2, CM 8 (deflate), no flags, no time, no extra flags, OS 255 (unknown). */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int TRAILER_LENGTH = 8;

    private final Pool<Deflater> deflaters;

    private GzipEncoding(int level) {
        this.deflaters = new Pool<>(KEPT_IDLE, () -> new Deflater(level, true), Deflater::reset, Deflater::end);
    }

    /**
     * @param level 1, fastest, to 9, smallest
     * @throws IllegalArgumentException if the level is another number
     */
    public static GzipEncoding ofLevel(int level) {
        if (level < Deflater.BEST_SPEED || level > Deflater.BEST_COMPRESSION) {
            throw new IllegalArgumentException("gzip level: " + level + " (expected: 1 to 9)");
        }
        return new GzipEncoding(level);
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public void compress(ByteBuffer message, MessageSink out) {
        CRC32 checksum = new CRC32();
        checksum.update(message.duplicate());
        int size = message.remaining();
        out.write(HEADER, 0, HEADER.length);
        Deflater deflater = deflaters.borrow();
        try {
            deflater.setInput(message);
            deflater.finish();
            while (!deflater.finished()) {
                out.written(deflater.deflate(out.room()));
            }
        } finally {
            deflaters.giveBack(deflater);
        }
        byte[] trailer = ByteBuffer.allocate(TRAILER_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt(size)
                .array();
        out.write(trailer, 0, trailer.length);
    }

    @Override
    public void decompress(ByteBuffer compressed, MessageSink out) throws IOException {
        ByteBuffer in = compressed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Inflater inflater = INFLATERS.borrow();
        try {
            do { // RFC 1952 §2.2: "A gzip file consists of a series of members".
                GzipHeader.skip(in);
                inflate(inflater, in, out);
                inflater.reset();
            } while (in.hasRemaining());
        } finally {
            INFLATERS.giveBack(inflater);
        }
    }

    /** One member's blocks and trailer. */
    private static void inflate(Inflater inflater, ByteBuffer in, MessageSink out) throws IOException {
        CRC32 checksum = new CRC32();
        inflater.setInput(in);
        while (!inflater.finished()) {
            ByteBuffer room = out.room();
            int count;
            try {
                count = inflater.inflate(room);
            } catch (DataFormatException corrupt) {
                throw new ZipException(corrupt.getMessage() == null ? "invalid deflate data" : corrupt.getMessage());
            }
            if (count == 0 && !inflater.finished()) {
                throw new ZipException(
                        inflater.needsDictionary() ? "a preset dictionary is not allowed" : "cut short in its data");
            }
            checksum.update(room.flip());
            out.written(count);
        }
        if (in.remaining() < TRAILER_LENGTH) {
            throw new ZipException("cut short in its trailer");
        }
        if (in.getInt() != (int) checksum.getValue()) {
            throw new ZipException("the checksum is wrong");
        }
        if (in.getInt() != (int) inflater.getBytesWritten()) { // RFC 1952: ISIZE is the size modulo 2^32.
            throw new ZipException("the size in its trailer is wrong");
        }
    }
}
