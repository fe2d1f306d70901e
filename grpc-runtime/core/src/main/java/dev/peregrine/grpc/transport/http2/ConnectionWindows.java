// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.Limits;
import io.netty.handler.codec.http2.Http2CodecUtil;
import org.jspecify.annotations.Nullable;

/**
 * How far the peer may be ahead of us (RFC 9113 §6.9): the connection's window, the size of the streams' own, and how both
 * grow. Never more than the account of {@code maxBufferedBytes} has room for: half of it may be promised, and when the other
 * half lies unread nothing more is, so a peer that keeps to its windows does not overdraw the account by what is unread.
 */
final class ConnectionWindows {

    private final Connection connection;
    private final SharedReceiveWindow shared;
    private final @Nullable WindowTuning tuning;
    private int ofStreams;

    ConnectionWindows(Connection connection, Limits limits) {
        this.connection = connection;
        int initial = ofConnection(limits);
        this.ofStreams = ofStreams(limits);
        this.shared = new SharedReceiveWindow(initial, promised(limits));
        int most = Math.min(limits.maxWindow(), promised(limits));
        this.tuning = most > ofStreams ? new WindowTuning(this, connection, ofStreams, initial, most) : null;
    }

    /** What streams start with under these limits, which our SETTINGS say. */
    static int ofStreams(Limits limits) {
        return Math.min(limits.streamWindow(), promised(limits));
    }

    /** What connections start with, which WINDOW_UPDATE says: no less than they do unless something is said. */
    static int ofConnection(Limits limits) {
        return Math.max(SendWindow.INITIAL, Math.min(limits.connectionWindow(), promised(limits)));
    }

    private static int promised(Limits limits) {
        return limits.maxBufferedBytes() / 2;
    }

    /** What a new stream may be sent ahead of its reader. */
    int ofStreams() {
        return ofStreams;
    }

    // ---- what has come ----

    /** DATA has come, for whatever stream; false if the peer had no right to send as much. */
    boolean use(int bytes) {
        return shared.use(bytes);
    }

    /** The same DATA, before its stream has it. */
    void arrived(int bytes) {
        tell(shared.arrived(bytes));
        if (tuning != null) {
            tuning.arrived(bytes);
        }
    }

    /** Received bytes are taken, or dropped. */
    void giveBack(int bytes) {
        tell(shared.taken(bytes));
    }

    /** Bytes that have come and that no stream has given back. */
    long unread() {
        return shared.unread();
    }

    private void tell(int increment) {
        if (increment > 0 && !connection.farewell().hasBegun()) {
            connection.output().windowUpdate(0, increment);
        }
    }

    // ---- how they grow ----

    /** A PING of ours was answered; false if it was not about windows. */
    boolean pingAck(long payload) {
        return tuning != null && tuning.answered(payload);
    }

    /** From now on every stream may be sent more ahead, open ones too (RFC 9113 §6.9.2). */
    void widenStreams(int size, int increment) {
        ofStreams = size;
        connection.output().settings(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, size);
        for (Http2Stream stream : connection.streams()) {
            stream.widenReceiveWindow(increment);
        }
    }

    /** From now on the connection may be sent more ahead. */
    void widen(int increment) {
        shared.widen(increment);
        connection.output().windowUpdate(0, increment);
    }
}
