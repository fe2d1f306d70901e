// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.wire.ErrorCode;
import java.util.function.IntSupplier;

/**
 * One account for all frames that cost us work and move nothing: WINDOW_UPDATE, SETTINGS, PING, PRIORITY, RST_STREAM, header
 * blocks, empty DATA, frames nobody knows (CVE-2019-9511 to 9518, and whatever comes next). Each costs one; each frame that
 * moves something, DATA received and HEADERS or DATA sent, earns {@value #EARNED}; and every 30 seconds a peer may overdraw
 * by as much as the limit.
 *
 * <p>An honest peer says at most a header block, a RST_STREAM, and for each DATA frame of 16 KiB at most eight
 * WINDOW_UPDATEs, if it returns windows in steps of 4 KiB: it earns more than it spends, whatever its load. A peer that sends
 * nothing but such frames may send 333 in each second with the default limit, which take well below a thousandth of one
 * core.
 */
final class FrameBudget {

    /** What one frame that moves something pays for. */
    private static final int EARNED = 16;

    private final int most;
    private final Ticker ticker;
    private final IntSupplier callFramesSent;

    private int spent;
    private int useful;
    private int sentSeen;
    private long windowStart;

    /**
     * @param callFramesSent how many frames of HEADERS and DATA we have sent; may wrap
     */
    FrameBudget(int most, Ticker ticker, IntSupplier callFramesSent) {
        this.most = most;
        this.ticker = ticker;
        this.callFramesSent = callFramesSent;
        this.windowStart = ticker.nanos();
    }

    /** DATA has come that is not empty. */
    void earn() {
        useful++;
    }

    /** A frame has come that moves nothing. */
    void spend(int cost) {
        spent += cost;
        if (spent > most) {
            settle();
        }
    }

    private void settle() {
        int sent = callFramesSent.getAsInt();
        long earned = ((long) useful + (sent - sentSeen)) * EARNED;
        sentSeen = sent;
        useful = 0;
        spent = (int) Math.max(0, spent - earned);
        if (spent <= most) {
            return;
        }
        long now = ticker.nanos();
        if (now - windowStart <= FloodWindow.NANOS) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    spent + " frames that move nothing came within " + FloodWindow.SECONDS
                            + " s, beyond what others paid for (allowed: " + most + ", maxIdleFrames)");
        }
        windowStart = now;
        spent = 0;
    }
}
