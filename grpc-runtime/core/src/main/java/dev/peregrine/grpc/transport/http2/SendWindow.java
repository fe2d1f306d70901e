// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/** What the peer lets us send (RFC 9113 §6.9), for one stream or for the connection. */
final class SendWindow {

    /** RFC 9113 §6.9.2: what every window starts with, unless SETTINGS say otherwise. */
    static final int INITIAL = 65_535;

    /** RFC 9113 §6.9.1: a window may not grow beyond 2^31-1. */
    private static final long MAX = Integer.MAX_VALUE;

    /** May be negative: SETTINGS_INITIAL_WINDOW_SIZE can shrink a window below what is under way (§6.9.2). */
    private int available;

    SendWindow(int initial) {
        available = initial;
    }

    int available() {
        return available;
    }

    void take(int bytes) {
        available -= bytes;
    }

    /** Adds an increment, or the difference of two initial sizes; false, and no change, if that is too much. */
    boolean grow(int bytes) {
        long grown = (long) available + bytes;
        if (grown > MAX) {
            return false;
        }
        available = (int) grown;
        return true;
    }
}
