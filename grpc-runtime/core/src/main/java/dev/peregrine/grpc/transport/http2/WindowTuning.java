// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/**
 * Widens our receive windows to what the line can carry: a window smaller than bandwidth times delay makes a sender wait
 * for our WINDOW_UPDATE though the line is free. A PING measures how much arrives within one round trip; if that is more
 * than half a window, and came faster than ever before, the window becomes twice as much. Windows never shrink.
 *
 * <p>What it costs is an addition for each DATA frame, and a PING for each half a window of data, less and less often when
 * they lead to nothing: calls that move little never pay. A PING only follows DATA, as servers that count pings expect.
 */
final class WindowTuning {

    /** Any number that no other ping of ours has; this one is "bandwidt" in ASCII. */
    private static final long PAYLOAD = 0x62616e6477696474L;

    /** How much rarer pings may become. */
    private static final int MAX_PATIENCE = 10;

    private final ConnectionWindows windows;
    private final Connection connection;
    private final int most;

    private int streamWindow;
    private int connectionWindow;
    private int patience = 1;
    private long bytes;
    private boolean asking;
    private long askedAt;
    private double fastest;

    /**
     * @param most how large a window may become
     */
    WindowTuning(ConnectionWindows windows, Connection connection, int streamWindow, int connectionWindow, int most) {
        this.windows = windows;
        this.connection = connection;
        this.most = most;
        this.streamWindow = streamWindow;
        this.connectionWindow = connectionWindow;
    }

    /** DATA has come. */
    void arrived(int count) {
        bytes += count;
        if (!asking && 2 * bytes >= (long) streamWindow * patience && streamWindow < most) {
            asking = true;
            bytes = 0;
            askedAt = connection.clock().nanos();
            connection.output().ping(false, PAYLOAD);
        }
    }

    /** A PING was answered; false if it is none of this. */
    boolean answered(long payload) {
        if (payload != PAYLOAD || !asking) {
            return false;
        }
        asking = false;
        long elapsed = Math.max(1, connection.clock().nanos() - askedAt);
        double speed = (double) bytes / elapsed;
        int target = (int) Math.min(2 * bytes, most);
        bytes = 0;
        if (target > streamWindow && speed > fastest) {
            fastest = speed;
            patience = 1;
            widen(target);
        } else {
            patience = Math.min(MAX_PATIENCE, patience + 1);
        }
        return true;
    }

    private void widen(int target) {
        windows.widenStreams(target, target - streamWindow);
        streamWindow = target;
        if (target > connectionWindow) {
            windows.widen(target - connectionWindow);
            connectionWindow = target;
        }
    }
}
