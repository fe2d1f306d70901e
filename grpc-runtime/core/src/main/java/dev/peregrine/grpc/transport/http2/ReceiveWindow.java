// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/**
 * What we let the peer send (RFC 9113 §6.9), for one stream or for the connection. Bytes are used up when they arrive and
 * come back when the application has taken their message; the peer hears of it when half a window has come together.
 */
final class ReceiveWindow {

    private int size;
    /** The peer may believe in more than the size, so together with it this can be more than an int holds. */
    private long available;

    private int returned;

    ReceiveWindow(int size) {
        this(size, size);
    }

    /**
     * @param available what the peer believes the window to be, which may be more than its size until it has heard of that
     */
    ReceiveWindow(int size, int available) {
        this.size = size;
        this.available = available;
    }

    /** The peer is told that it may send this much more ahead. */
    void widen(int bytes) {
        size += bytes;
        available += bytes;
    }

    /** Bytes have arrived; false if the peer had no right to send that many. */
    boolean use(int bytes) {
        available -= bytes;
        return available >= 0;
    }

    /** Bytes are taken: what is to be told to the peer with WINDOW_UPDATE now, or 0. */
    int giveBack(int bytes) {
        returned += bytes;
        if (returned < size / 2) {
            return 0;
        }
        int increment = returned;
        available += increment;
        returned = 0;
        return increment;
    }
}
