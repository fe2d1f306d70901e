// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where a server of this process can be reached without a network: a name instead of host and port. As a channel's target
 * it is written {@code inprocess:name}, which is also what {@link #toString} says.
 *
 * <p>Names are those of the process (strictly: of the class loader of this class). A name is taken from the start of the
 * server that listens on it until its shutdown begins.
 */
public final class InProcessAddress extends SocketAddress {

    /** What stands before the name in a target. */
    public static final String SCHEME = "inprocess";

    private static final AtomicLong UNIQUE = new AtomicLong();

    private final String name;

    /**
     * @param name printable ASCII without spaces: it becomes the {@code :authority} of calls
     * @throws IllegalArgumentException if the name is empty, or holds anything else
     */
    public InProcessAddress(String name) {
        boolean legal = !name.isEmpty() && name.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (!legal) {
            throw new IllegalArgumentException("name of an in-process address: '" + name
                    + "' (expected: one or more printable ASCII characters without spaces)");
        }
        this.name = name;
    }

    /**
     * An address that was not asked for before, as port 0 is one of the network: the prefix, a dash and a number. For
     * tests that run side by side.
     */
    public static InProcessAddress unique(String prefix) {
        return new InProcessAddress(prefix + '-' + UNIQUE.incrementAndGet());
    }

    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InProcessAddress address && address.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return SCHEME + ':' + name;
    }
}
