// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.wire.ErrorCode;

/**
 * Counts the streams that a client resets as soon as they are opened (CVE-2023-44487), or makes us reset (CVE-2025-8671),
 * and ends the connection of one that overdoes it.
 *
 * <p>Honest clients reset too, so every call that is answered with OK pays for one that is not; other answers come cheap,
 * and pay for nothing. A server's resets are its own business.
 */
final class ResetGuard {

    /**
     * Who waits this long before giving a call up pays with one of its concurrent calls meanwhile: 1000 of them make no
     * more than 20,000 such calls in a second, which is less than a client may make and have answered. So callers whose
     * deadlines pass because we are slow are not punished for it.
     */
    private static final long PATIENCE_NANOS = 50_000_000;

    private final int most;
    private final Ticker ticker;

    private long windowStart;
    private int resets;

    /**
     * @param most the limit {@code maxResetsPerWindow}
     */
    ResetGuard(int most, Ticker ticker) {
        this.most = most;
        this.ticker = ticker;
        this.windowStart = ticker.nanos();
    }

    /** The peer broke a stream so that we had to reset it, or opened one that we cannot take. */
    void reset() {
        reset(0);
    }

    /**
     * A call has ended by its caller's doing: reset, or with a deadline that was too short, or broken.
     *
     * @param ageNanos how long the call was open
     */
    void reset(long ageNanos) {
        if (ageNanos >= PATIENCE_NANOS) {
            return;
        }
        long now = ticker.nanos();
        if (now - windowStart > FloodWindow.NANOS) {
            windowStart = now;
            resets = 0;
        }
        if (++resets > most) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    resets + " streams were reset beyond those answered OK within " + FloodWindow.SECONDS
                            + " s (allowed: " + most + ", maxResetsPerWindow)");
        }
    }

    /** A call was answered with OK. */
    void completed() {
        if (resets > 0) {
            resets--;
        }
    }
}
