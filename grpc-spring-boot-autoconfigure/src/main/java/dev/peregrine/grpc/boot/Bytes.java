// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import org.springframework.util.unit.DataSize;

/** Sizes as people write them, as the runtime counts them. */
public final class Bytes {

    private Bytes() {}

    /**
     * @param property what is being set, for the message
     * @throws IllegalArgumentException if the size is negative or more than the runtime can count
     */
    public static int of(String property, DataSize size) {
        long bytes = size.toBytes();
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    property + ": " + size + " (expected: 0B to " + Integer.MAX_VALUE + "B)");
        }
        return (int) bytes;
    }
}
