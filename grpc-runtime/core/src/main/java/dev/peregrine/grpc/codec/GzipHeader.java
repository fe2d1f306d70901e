// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * What a member of a gzip file begins with (RFC 1952 §2.3). None of it matters to a message; it has to be lawful.
 *
 * <pre>
 * ID1 ID2 CM FLG MTIME(4) XFL OS [XLEN(2) extra] [name NUL] [comment NUL] [CRC16]
 * </pre>
 */
final class GzipHeader {

    private static final int FIXED_LENGTH = 10;
    private static final short MAGIC = (short) 0x8b1f;
    private static final int DEFLATE = 8;

    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int RESERVED = 0xe0;

    private GzipHeader() {}

    /**
     * Moves behind the header.
     *
     * @param in little-endian
     */
    static void skip(ByteBuffer in) throws ZipException {
        int start = in.position();
        require(in, FIXED_LENGTH);
        if (in.getShort() != MAGIC) {
            throw new ZipException("it does not begin with the mark of gzip");
        }
        int method = in.get();
        if (method != DEFLATE) {
            throw new ZipException("compression method " + method + " is not deflate");
        }
        int flags = in.get();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("reserved flags are set"); // RFC 1952 §2.3.1.2: "must be zero"
        }
        in.position(start + FIXED_LENGTH);
        if ((flags & FEXTRA) != 0) {
            require(in, Short.BYTES);
            int length = in.getShort() & 0xffff;
            require(in, length);
            in.position(in.position() + length);
        }
        if ((flags & FNAME) != 0) {
            skipText(in);
        }
        if ((flags & FCOMMENT) != 0) {
            skipText(in);
        }
        if ((flags & FHCRC) != 0) {
            checkChecksum(in, start);
        }
    }

    private static void skipText(ByteBuffer in) throws ZipException {
        do {
            require(in, 1);
        } while (in.get() != 0);
    }

    /** RFC 1952 §2.3.1: the two low bytes of the CRC32 of all header bytes before. */
    private static void checkChecksum(ByteBuffer in, int start) throws ZipException {
        CRC32 checksum = new CRC32();
        checksum.update(in.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip().position(start));
        require(in, Short.BYTES);
        if ((in.getShort() & 0xffff) != (checksum.getValue() & 0xffff)) {
            throw new ZipException("the header's checksum is wrong");
        }
    }

    private static void require(ByteBuffer in, int bytes) throws ZipException {
        if (in.remaining() < bytes) {
            throw new ZipException("cut short in its header");
        }
    }
}
