// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;

/**
 * Writes our header blocks (HPACK, RFC 7541). It spends bytes to save time, and keeps the state simple:
 *
 * <ul>
 *   <li>Only what the caller calls {@link #indexed} enters the dynamic table. Nothing is ever evicted: when the table is
 *       full, further fields are literals. So an entry's index is its distance from the newest one.
 *   <li>No Huffman coding.
 *   <li>A peer that shrinks the table below what is in use makes us forget all of it.
 * </ul>
 *
 * <p>Every block starts with {@link #beginBlock}; blocks must reach the peer in the order they were written. Names must be
 * lower-case; characters outside ASCII become {@code ?}. Names and values must not change afterwards.
 *
 * <p>One per connection, confined to its event loop. Writing a field that is known allocates nothing.
 */
final class HpackEncoder {

    /** What both ends assume before SETTINGS_HEADER_TABLE_SIZE is heard of (RFC 9113, 6.5.2), and the most we use. */
    static final int DEFAULT_TABLE_SIZE = 4096;

    /** RFC 7541, 4.1: an entry counts its name, its value and 32 more. */
    private static final int ENTRY_OVERHEAD = 32;

    // First bits of each representation, and how many bits they leave to the integer that follows (RFC 7541, 6).
    private static final int INDEXED = 0x80;
    private static final int INDEXED_BITS = 7;
    private static final int WITH_INDEXING = 0x40;
    private static final int WITH_INDEXING_BITS = 6;
    private static final int SIZE_UPDATE = 0x20;
    private static final int SIZE_UPDATE_BITS = 5;
    private static final int NEVER_INDEXED = 0x10;
    private static final int WITHOUT_INDEXING = 0x00;
    private static final int LITERAL_BITS = 4;
    private static final int PLAIN_STRING = 0x00;
    private static final int STRING_BITS = 7;

    /** Fields and names of the dynamic table, numbered from 0 in the order of insertion. */
    private final FieldIndex entries = new FieldIndex();

    private int entryCount;
    private int usedSize;
    private int tableSize = DEFAULT_TABLE_SIZE;

    private boolean sizeChanged;

    /** While a change waits to be told: the smallest size since the last block, 0 if all was forgotten. */
    private int smallestSize;

    /**
     * The peer's SETTINGS_HEADER_TABLE_SIZE. The next block tells the peer what we make of it.
     *
     * @param peerSetting bytes, an unsigned 32-bit number
     */
    void maxTableSize(long peerSetting) {
        int size = (int) Math.min(DEFAULT_TABLE_SIZE, peerSetting);
        if (size == tableSize) {
            return;
        }
        if (size < usedSize) {
            forgetAll();
            smallestSize = 0;
        } else {
            smallestSize = sizeChanged ? Math.min(smallestSize, size) : size;
        }
        tableSize = size;
        sizeChanged = true;
    }

    /**
     * Starts a header block. Of several changes since the last one, the smallest size and the final one are told (RFC 7541,
     * 4.2).
     */
    void beginBlock(ByteBuf out) {
        if (!sizeChanged) {
            return;
        }
        if (smallestSize < tableSize) {
            writeInteger(out, SIZE_UPDATE, SIZE_UPDATE_BITS, smallestSize);
        }
        writeInteger(out, SIZE_UPDATE, SIZE_UPDATE_BITS, tableSize);
        sizeChanged = false;
    }

    /** Writes a field that is worth remembering because the same one will come again. */
    void indexed(ByteBuf out, AsciiString name, AsciiString value) {
        writeIndexed(out, name, value);
    }

    /** Writes a field that is worth remembering because the same one will come again. */
    void indexed(ByteBuf out, String name, String value) {
        writeIndexed(out, name, value);
    }

    /** Writes a field that will hardly come again. */
    void literal(ByteBuf out, CharSequence name, CharSequence value) {
        writeLiteral(out, WITHOUT_INDEXING, LITERAL_BITS, name, value);
    }

    /** Writes a secret: nobody on the way may put it in a table, where its length could be probed (RFC 7541, 7.1.3). */
    void neverIndexed(ByteBuf out, CharSequence name, CharSequence value) {
        writeLiteral(out, NEVER_INDEXED, LITERAL_BITS, name, value);
    }

    private void writeIndexed(ByteBuf out, CharSequence name, CharSequence value) {
        int index = indexOf(name, value);
        if (index != FieldIndex.UNKNOWN) {
            writeInteger(out, INDEXED, INDEXED_BITS, index);
            return;
        }
        int size = name.length() + value.length() + ENTRY_OVERHEAD;
        if (size > tableSize - usedSize) {
            literal(out, name, value);
            return;
        }
        writeLiteral(out, WITH_INDEXING, WITH_INDEXING_BITS, name, value);
        entries.put(name, value, entryCount);
        entries.putName(name, entryCount);
        entryCount++;
        usedSize += size;
    }

    private void forgetAll() {
        entries.clear();
        entryCount = 0;
        usedSize = 0;
    }

    private int indexOf(CharSequence name, CharSequence value) {
        int index = HpackStaticTable.find(name, value);
        return index != FieldIndex.UNKNOWN ? index : dynamicIndex(entries.find(name, value));
    }

    private int indexOfName(CharSequence name) {
        int index = HpackStaticTable.findName(name);
        return index != FieldIndex.UNKNOWN ? index : dynamicIndex(entries.findName(name));
    }

    /** The newest entry comes first, right behind the static table (RFC 7541, 2.3.3). */
    private int dynamicIndex(int entry) {
        return entry == FieldIndex.UNKNOWN ? FieldIndex.UNKNOWN : HpackStaticTable.LENGTH + entryCount - entry;
    }

    private void writeLiteral(ByteBuf out, int representation, int bits, CharSequence name, CharSequence value) {
        int nameIndex = indexOfName(name);
        if (nameIndex != FieldIndex.UNKNOWN) {
            writeInteger(out, representation, bits, nameIndex);
        } else {
            out.writeByte(representation);
            writeString(out, name);
        }
        writeString(out, value);
    }

    private static void writeString(ByteBuf out, CharSequence text) {
        writeInteger(out, PLAIN_STRING, STRING_BITS, text.length());
        ByteBufUtil.writeAscii(out, text);
    }

    /** An integer behind the first bits of a representation (RFC 7541, 5.1). */
    private static void writeInteger(ByteBuf out, int representation, int bits, int value) {
        int prefixMax = (1 << bits) - 1;
        if (value < prefixMax) {
            out.writeByte(representation | value);
            return;
        }
        out.writeByte(representation | prefixMax);
        int rest = value - prefixMax;
        while (rest >= 0x80) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
