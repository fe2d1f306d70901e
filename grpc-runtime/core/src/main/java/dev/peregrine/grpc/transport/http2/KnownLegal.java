// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.FieldSyntax;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Checks names and values of fields, and those that come again only once: what stands in a table of HPACK arrives as the
 * same object each time. So a call like the ones before it costs a comparison for each field.
 */
final class KnownLegal {

    /** More than the different fields that the calls of one connection have in common. */
    private static final int SLOTS = 32;

    /** Longer ones are checked each time: what is remembered here must not add up to much for whoever sends rubbish. */
    private static final int LONGEST = 256;

    private final @Nullable AsciiString[] names = new @Nullable AsciiString[SLOTS];
    private final @Nullable AsciiString[] values = new @Nullable AsciiString[SLOTS];

    /** See {@link FieldSyntax#isName}. */
    boolean isName(AsciiString name) {
        int slot = slot(name);
        if (names[slot] == name) {
            return true;
        }
        boolean legal = FieldSyntax.isName(name);
        if (legal && name.length() <= LONGEST) {
            names[slot] = name;
        }
        return legal;
    }

    /** See {@link FieldSyntax#isValue}. */
    boolean isValue(AsciiString value) {
        int slot = slot(value);
        if (values[slot] == value) {
            return true;
        }
        boolean legal = FieldSyntax.isValue(value);
        if (legal && value.length() <= LONGEST) {
            values[slot] = value;
        }
        return legal;
    }

    private static int slot(AsciiString text) {
        int length = text.length();
        return length == 0 ? 0 : (length * 7 + text.byteAt(length - 1)) & (SLOTS - 1);
    }
}
