// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What travels beside the messages of a call: an ordered multimap of text and byte values. Immutable; the order of
 * the values of one name is kept, as gRPC over HTTP/2 demands.
 */
public final class Metadata {

    public static final Metadata EMPTY = new Metadata(new Object[0], 0);

    /** Name, value, name, value, ...; a value is a String or a byte[]. */
    private final Object[] entries;

    private final int length;

    private Metadata(Object[] entries, int length) {
        this.entries = entries;
        this.length = length;
    }

    public static <T> Metadata of(MetadataKey<T> key, T value) {
        return builder().add(key, value).build();
    }

    public static Builder builder() {
        return new Builder(EMPTY);
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The number of entries; a name with two values counts twice. */
    public int size() {
        return length / 2;
    }

    /** The last value of this key, or null: of repeated values the last one speaks. */
    public <T> @Nullable T get(MetadataKey<T> key) {
        for (int i = length - 2; i >= 0; i -= 2) {
            if (entries[i].equals(key.name())) {
                return key.read(entries[i + 1]);
            }
        }
        return null;
    }

    /** All values of this key, in order. */
    public <T> List<T> getAll(MetadataKey<T> key) {
        List<T> values = new ArrayList<>(2);
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equals(key.name())) {
                values.add(key.read(entries[i + 1]));
            }
        }
        return values;
    }

    public boolean contains(MetadataKey<?> key) {
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equals(key.name())) {
                return true;
            }
        }
        return false;
    }

    /** The distinct names, in order of first appearance. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < length; i += 2) {
            names.add((String) entries[i]);
        }
        return names;
    }

    /** These entries followed by those of {@code other}. */
    public Metadata plus(Metadata other) {
        if (other.isEmpty()) {
            return this;
        }
        return isEmpty() ? other : toBuilder().addAll(other).build();
    }

    /** Shows every entry in order, untyped; for those who put metadata on a wire. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < length; i += 2) {
            String name = (String) entries[i];
            if (entries[i + 1] instanceof byte[] bytes) {
                visitor.binary(name, bytes);
            } else {
                visitor.text(name, (String) entries[i + 1]);
            }
        }
    }

    /** Names only: values may be secrets, and a toString ends up in logs. */
    @Override
    public String toString() {
        return "Metadata" + names();
    }

    /** Sees the entries of a {@link Metadata} one by one. */
    public interface Visitor {
        void text(String name, String value);

        void binary(String name, byte[] value);
    }

    /** Collects entries; not safe for use by several threads at once. */
    public static final class Builder {

        private Object[] entries;
        private int length;

        private Builder(Metadata start) {
            this.entries = Arrays.copyOf(start.entries, Math.max(8, start.length));
            this.length = start.length;
        }

        /** Adds a value after those the key already has. */
        public <T> Builder add(MetadataKey<T> key, T value) {
            return append(key.name(), key.write(value));
        }

        /** Makes this the only value of the key. */
        public <T> Builder set(MetadataKey<T> key, T value) {
            Object raw = key.write(value);
            return remove(key).append(key.name(), raw);
        }

        public Builder remove(MetadataKey<?> key) {
            int kept = 0;
            for (int i = 0; i < length; i += 2) {
                if (!entries[i].equals(key.name())) {
                    entries[kept] = entries[i];
                    entries[kept + 1] = entries[i + 1];
                    kept += 2;
                }
            }
            length = kept;
            return this;
        }

        public Builder addAll(Metadata other) {
            ensureRoom(other.length);
            System.arraycopy(other.entries, 0, entries, length, other.length);
            length += other.length;
            return this;
        }

        /**
         * Adds text under a name that is known only at run time.
         *
         * @throws IllegalArgumentException if the name is not a legal lower-case name of text, or the value not
         *     printable ASCII
         */
        public Builder addText(String name, String value) {
            MetadataKey.requireTextName(name);
            return append(name, MetadataKey.checkValue(name, value));
        }

        /**
         * Adds bytes under a name that is known only at run time.
         *
         * @throws IllegalArgumentException if the name is not a legal lower-case name that ends in {@code -bin}
         */
        public Builder addBinary(String name, byte[] value) {
            MetadataKey.requireBinaryName(name);
            return append(name, value);
        }

        public Metadata build() {
            return length == 0 ? EMPTY : new Metadata(Arrays.copyOf(entries, length), length);
        }

        private Builder append(String name, Object value) {
            ensureRoom(2);
            entries[length] = name;
            entries[length + 1] = value;
            length += 2;
            return this;
        }

        private void ensureRoom(int more) {
            if (length + more > entries.length) {
                entries = Arrays.copyOf(entries, Math.max(entries.length * 2, length + more));
            }
        }
    }
}
