// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import org.springframework.util.unit.DataSize;

/** Sizes as people write them, as the runtime counts them. */
public final class Bytes {

    /** The least that {@code Limits} takes for metadata; checked here to name the property that is wrong. */
    private static final int LEAST_METADATA = 512;

    private Bytes() {}

    /**
     * A number of bytes.
     *
     * @param property what is being set, for the message
     * @throws IllegalArgumentException if the size is negative or more than the runtime can count
     */
    public static int of(String property, DataSize size) {
        return between(0, property, size);
    }

    /**
     * A size of metadata, in bytes.
     *
     * @param property what is being set, for the message
     * @throws IllegalArgumentException if the size is less than every call needs, or more than the runtime can count
     */
    public static int ofMetadata(String property, DataSize size) {
        return between(LEAST_METADATA, property, size);
    }

    private static int between(int least, String property, DataSize size) {
        long bytes = size.toBytes();
        if (bytes < least || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    property + ": " + size + " (expected: " + least + "B to " + Integer.MAX_VALUE + "B)");
        }
        return (int) bytes;
    }
}
