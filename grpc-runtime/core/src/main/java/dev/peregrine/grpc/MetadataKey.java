// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * The name of a metadata entry together with the type of its value. Names are lower-case; a name that ends in
 * {@code -bin} carries bytes, every other name carries printable ASCII (gRPC over HTTP/2, "Custom-Metadata").
 *
 * <p>Keys are compared by name alone. Keep them in constants.
 *
 * @param <T> what a value is for the application
 */
public final class MetadataKey<T> {

    static final String BINARY_SUFFIX = "-bin";

    private final String name;
    private final Function<Object, T> read;
    private final Function<T, Object> write;

    private MetadataKey(String name, Function<Object, T> read, Function<T, Object> write) {
        this.name = name;
        this.read = read;
        this.write = write;
    }

    /** A key for text values. */
    public static MetadataKey<String> ascii(String name) {
        return ascii(name, Function.identity(), Function.identity());
    }

    /**
     * A key for values that travel as text.
     *
     * @throws IllegalArgumentException if the name is not a legal metadata name, or ends in {@code -bin}
     */
    public static <T> MetadataKey<T> ascii(String name, Function<String, T> parse, Function<T, String> print) {
        String checked = checkName(name);
        if (checked.endsWith(BINARY_SUFFIX)) {
            throw new IllegalArgumentException("metadata name '" + checked
                    + "' ends in -bin and so carries bytes; use MetadataKey.binary, or another name");
        }
        return new MetadataKey<>(
                checked, raw -> parse.apply((String) raw), value -> checkValue(checked, print.apply(value)));
    }

    /** A key for values of bytes; the arrays are not copied, so leave them unchanged afterwards. */
    public static MetadataKey<byte[]> binary(String name) {
        return binary(name, Function.identity(), Function.identity());
    }

    /**
     * A key for values that travel as bytes.
     *
     * @throws IllegalArgumentException if the name is not a legal metadata name, or does not end in {@code -bin}
     */
    public static <T> MetadataKey<T> binary(String name, Function<byte[], T> parse, Function<T, byte[]> print) {
        String checked = checkName(name);
        if (!checked.endsWith(BINARY_SUFFIX)) {
            throw new IllegalArgumentException(
                    "metadata name '" + checked + "' carries text; the name of a binary entry must end in -bin");
        }
        return new MetadataKey<>(
                checked,
                raw -> parse.apply((byte[]) raw),
                value -> Objects.requireNonNull(print.apply(value), checked));
    }

    /** The lower-case name. */
    public String name() {
        return name;
    }

    public boolean isBinary() {
        return name.endsWith(BINARY_SUFFIX);
    }

    T read(Object raw) {
        return read.apply(raw);
    }

    Object write(T value) {
        return write.apply(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetadataKey<?> key && key.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Header-Name → 1*( %x30-39 / %x61-7A / "_" / "-" / "." ), folded to lower case. */
    private static String checkName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isLegalName(lower)) {
            throw new IllegalArgumentException("metadata name '" + name
                    + "' is not legal: it may hold a-z, 0-9, '_', '-' and '.', and must not be empty");
        }
        return lower;
    }

    static void requireTextName(String name) {
        if (!isLegalName(name) || name.endsWith(BINARY_SUFFIX)) {
            throw new IllegalArgumentException("'" + name + "' is not a legal lower-case name of text metadata");
        }
    }

    static void requireBinaryName(String name) {
        if (!isLegalName(name) || !name.endsWith(BINARY_SUFFIX)) {
            throw new IllegalArgumentException("'" + name + "' is not a legal lower-case name that ends in -bin");
        }
    }

    static boolean isLegalName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            if (!legal) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** ASCII-Value → 1*( %x20-%x7E ). */
    static String checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                throw new IllegalArgumentException("the value of metadata '" + name + "' holds character 0x"
                        + Integer.toHexString(c) + " at index " + i
                        + "; only printable ASCII may travel as text: use a name that ends in -bin for anything else");
            }
        }
        return value;
    }
}
