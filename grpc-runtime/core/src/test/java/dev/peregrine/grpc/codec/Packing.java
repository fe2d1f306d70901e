// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** What tests of encodings do with bytes. */
public final class Packing {

    static final int NO_LIMIT = 64 << 20;

    private Packing() {}

    /** As the JDK compresses it. */
    public static byte[] gzip(byte... message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(message);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return bytes.toByteArray();
    }

    /** What an encoding makes of a message. */
    public static byte[] compress(MessageEncoding encoding, byte... message) {
        MessageSink sink = new MessageSink(NO_LIMIT, 0);
        try {
            encoding.compress(ByteBuffer.wrap(message), sink);
            return ByteBufUtil.getBytes(sink.bytes());
        } catch (IOException unable) {
            throw new AssertionError(unable);
        } finally {
            sink.bytes().release();
        }
    }

    /** What an encoding makes of compressed bytes, if it may write so many. */
    public static byte[] decompress(MessageEncoding encoding, int limit, byte... compressed) throws IOException {
        MessageSink sink = new MessageSink(limit, 0);
        try {
            encoding.decompress(ByteBuffer.wrap(compressed), sink);
            return ByteBufUtil.getBytes(sink.bytes());
        } finally {
            sink.bytes().release();
        }
    }

    public static byte[] decompress(MessageEncoding encoding, byte... compressed) throws IOException {
        return decompress(encoding, NO_LIMIT, compressed);
    }

    /** Bytes that nothing makes smaller. */
    public static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    /** Bytes as they are in messages: some repeat, some do not. */
    public static byte[] text(int length) {
        byte[] text = new byte[length];
        Random random = new Random(length);
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ('a' + random.nextInt(6));
        }
        return text;
    }
}
