// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The values of {@code -bin} metadata: base64 (RFC 4648, 4), written without padding, read with or without. One field may
 * carry several values joined by commas, because intermediaries join fields of the same name (RFC 9110, 5.3).
 */
public final class BinaryValues {

    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private BinaryValues() {}

    public static String encode(byte[] value) {
        return ENCODER.encodeToString(value);
    }

    /**
     * Reads one field, and adds all its values in order, or, if one of them is malformed, none.
     *
     * @param name the lower-case name to add the values under
     * @param joined base64 values, comma-separated, with optional white space around each; an empty one is no bytes
     * @return whether every value is base64
     */
    public static boolean decode(String name, CharSequence joined, Metadata.Builder into) {
        List<byte[]> values = new ArrayList<>(1);
        int start = 0;
        for (int i = 0; i <= joined.length(); i++) {
            if (i < joined.length() && joined.charAt(i) != ',') {
                continue;
            }
            try {
                values.add(DECODER.decode(bytesBetween(joined, start, i)));
            } catch (IllegalArgumentException notBase64) {
                return false;
            }
            start = i + 1;
        }
        for (byte[] value : values) {
            into.addBinary(name, value);
        }
        return true;
    }

    private static byte[] bytesBetween(CharSequence text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        byte[] bytes = new byte[end - start];
        for (int i = 0; i < bytes.length; i++) {
            char c = text.charAt(start + i);
            bytes[i] = (byte) (c < 0x80 ? c : '?'); // no letter of the base64 alphabet, so refused by the decoder
        }
        return bytes;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
