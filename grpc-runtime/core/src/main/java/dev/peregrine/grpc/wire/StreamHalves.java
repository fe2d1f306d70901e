// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

/**
 * The states of one HTTP/2 stream (RFC 9113, 5.1), as two halves that know nothing of each other: what we send is the
 * local half, what the peer sends the remote one.
 *
 * <pre>
 *            HEADERS                  END_STREAM
 *    IDLE ─────────────▶ OPEN ─────────────────────▶ CLOSED
 *     │                    │                            ▲
 *     └────────────────────┴──── RST_STREAM, either ────┘
 *                                way: both halves
 *
 *    RFC 9113                  local       remote
 *    idle                      IDLE        IDLE
 *    open                      OPEN        OPEN, or IDLE until the peer's first HEADERS; and the reverse
 *    half-closed (local)       CLOSED      IDLE or OPEN
 *    half-closed (remote)      IDLE or OPEN   CLOSED
 *    closed                    CLOSED      CLOSED
 * </pre>
 *
 * <p>An unlawful local event is a mistake of ours and throws; an unlawful remote event is one of the peer's, changes
 * nothing and returns false, for the caller to answer with a stream error. After {@link #reset} the peer's frames that
 * were under way already are lawful to arrive: ask {@link #isReset} first and drop them.
 *
 * <p>Informational (1xx) header blocks are not events of this machine.
 *
 * <p>Owns no resources. Confined to the stream's event loop.
 */
public final class StreamHalves {

    private static final int IDLE = 0;
    private static final int OPEN = 1;
    private static final int CLOSED = 2;

    private static final int REMOTE_SHIFT = 2;
    private static final int HALF = 0b11;
    private static final int BOTH_CLOSED = CLOSED | CLOSED << REMOTE_SHIFT;
    private static final int RESET = 0b1_0000;

    /** Bits 0 and 1: the local half. Bits 2 and 3: the remote half. Bit 4: it was a reset that closed them. */
    private byte state;

    /** We send HEADERS. */
    public void openLocal() {
        moveLocal(IDLE, OPEN, "open");
    }

    /** We send END_STREAM. */
    public void closeLocal() {
        moveLocal(OPEN, CLOSED, "close");
    }

    /** The peer's first HEADERS have come. */
    public boolean openRemote() {
        return moveRemote(IDLE, OPEN);
    }

    /** The peer's END_STREAM has come. */
    public boolean closeRemote() {
        return moveRemote(OPEN, CLOSED);
    }

    /** A header block has come. The first opens the half; a second one is trailers, and lawful only if it also ends it. */
    public boolean remoteHeaders(boolean endStream) {
        if (remote() == IDLE) {
            openRemote();
            return !endStream || closeRemote();
        }
        return endStream && closeRemote();
    }

    /** A DATA frame has come: lawful only between the header block and the end of the half. */
    public boolean remoteData(boolean endStream) {
        return endStream ? closeRemote() : remote() == OPEN;
    }

    /** RST_STREAM was sent or has come, or the connection is gone. Lawful in every state; changes nothing when closed. */
    public void reset() {
        if (!isClosed()) {
            state = BOTH_CLOSED | RESET;
        }
    }

    /** Whether we may send DATA or trailers. */
    public boolean isLocalOpen() {
        return local() == OPEN;
    }

    /** Whether the peer may send DATA or trailers. */
    public boolean isRemoteOpen() {
        return remote() == OPEN;
    }

    /** Whether nothing more may be sent. */
    public boolean isLocalClosed() {
        return local() == CLOSED;
    }

    /** Whether nothing more may come. */
    public boolean isRemoteClosed() {
        return remote() == CLOSED;
    }

    public boolean isClosed() {
        return (state & BOTH_CLOSED) == BOTH_CLOSED;
    }

    /** Whether a reset closed the stream before both halves ended by themselves. */
    public boolean isReset() {
        return (state & RESET) != 0;
    }

    @Override
    public String toString() {
        return "local " + name(local()) + ", remote " + name(remote()) + (isReset() ? ", reset" : "");
    }

    private int local() {
        return state & HALF;
    }

    private int remote() {
        return state >> REMOTE_SHIFT & HALF;
    }

    private void moveLocal(int from, int to, String event) {
        if (local() != from) {
            throw new IllegalStateException(
                    "cannot " + event + " the local half: the stream is " + this + "; it must be " + name(from));
        }
        state = (byte) ((state & ~HALF) | to);
    }

    private boolean moveRemote(int from, int to) {
        if (remote() != from) {
            return false;
        }
        state = (byte) ((state & ~(HALF << REMOTE_SHIFT)) | (to << REMOTE_SHIFT));
        return true;
    }

    private static String name(int half) {
        return half == IDLE ? "idle" : half == OPEN ? "open" : "closed";
    }
}
