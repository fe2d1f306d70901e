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

    /** Whether this much may come to lie here too: something that is larger than all there is room for, if it is alone. */
    boolean hasRoomFor(int more) {
        return bytes + more <= most || bytes == 0;
    }

    boolean isMoreThanHalfFull() {
        return bytes > most / 2;
    }

    /** Whether more lies here than may. */
    boolean isOverdrawn() {
        return bytes > most;
    }

    long bytes() {
        return bytes;
    }

    long most() {
        return most;
    }
}
