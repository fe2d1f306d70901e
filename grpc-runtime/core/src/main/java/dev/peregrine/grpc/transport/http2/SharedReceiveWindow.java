// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/**
 * The connection's receive window. Its bytes come back as they arrive, so that a call which nobody reads does not hold up
 * the others: each stream has a window of its own for that. Only when the unread bytes of all streams together reach a
 * budget does the connection hold back, until some are taken: memory stays bounded.
 */
final class SharedReceiveWindow {

    /** How many windows may lie unread. */
    private static final int WINDOWS_HELD = 16;

    private final ReceiveWindow window;
    private final long budget;

    /** Arrived and not taken. */
    private long unread;

    /** Arrived and not told to the peer, because too much was unread. */
    private int withheld;

    /**
     * @param most how many bytes may lie unread, if that is less than {@value #WINDOWS_HELD} windows
     */
    SharedReceiveWindow(int size, long most) {
        this.window = new ReceiveWindow(size);
        this.budget = Math.min((long) size * WINDOWS_HELD, most);
    }

    /** The peer is told that it may send this much more ahead. */
    void widen(int bytes) {
        window.widen(bytes);
    }

    /** Bytes have arrived; false if the peer had no right to send that many. */
    boolean use(int bytes) {
        return window.use(bytes);
    }

    /** The same bytes, once they lie in a stream: what is to be told to the peer with WINDOW_UPDATE now, or 0. */
    int arrived(int bytes) {
        unread += bytes;
        withheld += bytes;
        return giveBack();
    }

    /** Bytes are taken, or dropped: what is to be told to the peer with WINDOW_UPDATE now, or 0. */
    int taken(int bytes) {
        unread -= bytes;
        return giveBack();
    }

    /** Bytes that lie in streams, arrived and not taken. */
    long unread() {
        return unread;
    }

    private int giveBack() {
        if (withheld == 0 || unread > budget) {
            return 0;
        }
        int increment = window.giveBack(withheld);
        withheld = 0;
        return increment;
    }
}
