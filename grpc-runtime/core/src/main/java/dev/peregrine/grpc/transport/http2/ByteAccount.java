// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/** Counts the bytes that lie with us for one connection in one direction. */
final class ByteAccount {

    private final long most;
    private long bytes;

    ByteAccount(long most) {
        this.most = most;
    }

    /** More has come to lie here, or, if negative, less. */
    void add(int change) {
        bytes += change;
    }

    /** Whether more lies here than may. */
    boolean isOverdrawn() {
        return bytes > most;
    }

    long most() {
        return most;
    }
}
