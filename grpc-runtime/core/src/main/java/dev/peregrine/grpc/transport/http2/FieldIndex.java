// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the number of a header field, or of a name alone, without allocating. An open-addressing table with linear
 * probing; entries are never removed one by one.
 *
 * <p>A field is found by a pair of Strings as well as by a pair of AsciiStrings, whose hashes and equality have nothing in
 * common: it is entered once as either. Both types remember their hash, so a lookup mostly compares references.
 */
final class FieldIndex {

    static final int UNKNOWN = -1;

    /** Stands for the value where only a name is entered. */
    private static final Object NAME_ONLY = new Object();

    private static final int FIRST_CAPACITY = 32;

    private @Nullable Object[] names = new @Nullable Object[FIRST_CAPACITY];
    private @Nullable Object[] values = new @Nullable Object[FIRST_CAPACITY];
    private int[] numbers = new int[FIRST_CAPACITY];
    private int size;

    /** The number of this field, or {@link #UNKNOWN}. Name and value must be of the same type. */
    int find(CharSequence name, CharSequence value) {
        return numberAt(slot(name, value));
    }

    /** The number of this name, or {@link #UNKNOWN}. */
    int findName(CharSequence name) {
        return numberAt(slot(name, NAME_ONLY));
    }

    /** Enters a field; the first number given to it stays. */
    void put(CharSequence name, CharSequence value, int number) {
        enter(name.toString(), value.toString(), number);
        enter(AsciiString.of(name), AsciiString.of(value), number);
    }

    /** Enters a name; the first number given to it stays. */
    void putName(CharSequence name, int number) {
        enter(name.toString(), NAME_ONLY, number);
        enter(AsciiString.of(name), NAME_ONLY, number);
    }

    void clear() {
        Arrays.fill(names, null);
        size = 0;
    }

    private int numberAt(int slot) {
        return names[slot] == null ? UNKNOWN : numbers[slot];
    }

    private void enter(Object name, Object value, int number) {
        int slot = slot(name, value);
        if (names[slot] != null) {
            return;
        }
        names[slot] = name;
        values[slot] = value;
        numbers[slot] = number;
        if (++size > names.length / 2) {
            grow();
        }
    }

    /** Where this pair is, or else where it belongs. There is always a free place: at most half of them are taken. */
    private int slot(Object name, Object value) {
        int mask = names.length - 1;
        int hash = name.hashCode() * 31 + value.hashCode();
        int slot = (hash ^ hash >>> 16) & mask;
        while (names[slot] != null && !(same(names[slot], name) && same(values[slot], value))) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static boolean same(@Nullable Object entered, Object sought) {
        return sought == entered || sought.equals(entered);
    }

    private void grow() {
        @Nullable Object[] oldNames = names;
        @Nullable Object[] oldValues = values;
        int[] oldNumbers = numbers;
        names = new @Nullable Object[oldNames.length * 2];
        values = new @Nullable Object[oldNames.length * 2];
        numbers = new int[oldNames.length * 2];
        size = 0;
        for (int i = 0; i < oldNames.length; i++) {
            Object name = oldNames[i];
            Object value = oldValues[i];
            if (name != null && value != null) {
                enter(name, value, oldNumbers[i]);
            }
        }
    }
}
