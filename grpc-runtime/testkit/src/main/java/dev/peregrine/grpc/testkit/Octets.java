// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Some bytes that do not change, compare by content and print themselves. */
public final class Octets {

    public static final Octets EMPTY = new Octets(new byte[0]);

    /** How many octets {@link #toString} shows: enough for a message prefix and the first fields behind it. */
    private static final int SHOWN = 24;

    private static final HexFormat SPACED_HEX = HexFormat.ofDelimiter(" ");

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Octets of(byte... bytes) {
        return new Octets(bytes.clone());
    }

    /** From pairs of hex digits with single spaces between them: {@code "00 00 00 00 02 08 01"}. */
    public static Octets hex(String pairs) {
        return new Octets(SPACED_HEX.parseHex(pairs));
    }

    public static Octets utf8(String text) {
        return new Octets(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One octet per character; characters above U+00FF become {@code '?'}. */
    public static Octets latin1(String text) {
        return new Octets(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static Octets zeros(int length) {
        return new Octets(new byte[length]);
    }

    public int length() {
        return bytes.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** The octet at this place, 0 to 255. */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    public Octets from(int start) {
        return slice(start, bytes.length);
    }

    public Octets slice(int start, int end) {
        return new Octets(Arrays.copyOfRange(bytes, start, end));
    }

    public Octets plus(Octets more) {
        byte[] joined = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
        System.arraycopy(more.bytes, 0, joined, bytes.length, more.bytes.length);
        return new Octets(joined);
    }

    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** One character per octet. */
    public String latin1() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(octets.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The length and the first octets in hex. */
    @Override
    public String toString() {
        if (bytes.length == 0) {
            return "0 octets";
        }
        String shown = SPACED_HEX.formatHex(bytes, 0, Math.min(SHOWN, bytes.length));
        return bytes.length + " octets: " + shown + (bytes.length > SHOWN ? " ..." : "");
    }
}
