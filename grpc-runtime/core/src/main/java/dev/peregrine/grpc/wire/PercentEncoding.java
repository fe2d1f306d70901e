// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import java.nio.charset.StandardCharsets;

/**
 * The value of {@code grpc-message}: UTF-8 whose unprintable bytes are escaped.
 *
 * <pre>
 * Percent-Byte-Unencoded → 1*( %x20-%x24 / %x26-%x7E )   ; space and VCHAR, except %
 * Percent-Byte-Encoded   → "%" 2HEXDIGIT                  ; 0-9 A-F
 * </pre>
 */
public final class PercentEncoding {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private PercentEncoding() {}

    /**
     * Escapes a text. A space at either end is escaped too, although the grammar allows it: a field value must neither
     * start nor end with one (RFC 9113, 8.2.1). A surrogate without its partner becomes {@code ?}.
     *
     * @return the same String if there is nothing to escape
     */
    public static String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (mustEscape(text.charAt(i)) || isEdgeSpace(text, i)) {
                return escape(text);
            }
        }
        return text;
    }

    /**
     * Reads an escaped text, and never fails: an escape that is none stays as it is, bytes that are not UTF-8 become
     * U+FFFD. Characters of the value stand for bytes, as they do in a header field; those above U+00FF cannot and
     * become {@code ?}.
     */
    public static String decode(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' || c > 0x7e) {
                return unescape(value);
            }
        }
        return value.toString();
    }

    private static String escape(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] escaped = new byte[utf8.length * 3];
        int length = 0;
        for (int i = 0; i < utf8.length; i++) {
            int b = utf8[i] & 0xff;
            if (mustEscape(b) || (b == ' ' && (i == 0 || i == utf8.length - 1))) {
                escaped[length++] = '%';
                escaped[length++] = HEX[b >> 4];
                escaped[length++] = HEX[b & 0xf];
            } else {
                escaped[length++] = (byte) b;
            }
        }
        return new String(escaped, 0, length, StandardCharsets.US_ASCII);
    }

    private static String unescape(CharSequence value) {
        byte[] utf8 = new byte[value.length()];
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int escape = c == '%' ? escapeAt(value, i) : -1;
            if (escape >= 0) {
                utf8[length++] = (byte) escape;
                i += 2;
            } else {
                utf8[length++] = (byte) (c <= 0xff ? c : '?');
            }
        }
        return new String(utf8, 0, length, StandardCharsets.UTF_8);
    }

    /** The byte that the escape at this index stands for, or -1 if it is no escape. */
    private static int escapeAt(CharSequence value, int index) {
        if (index + 2 >= value.length()) {
            return -1;
        }
        int high = hexDigit(value.charAt(index + 1));
        int low = hexDigit(value.charAt(index + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Not {@link Character#digit}: that one knows the digits of all scripts. */
    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean mustEscape(int c) {
        return c < 0x20 || c > 0x7e || c == '%';
    }

    private static boolean isEdgeSpace(String text, int index) {
        return text.charAt(index) == ' ' && (index == 0 || index == text.length() - 1);
    }
}
