// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.transport.Limits;

/**
 * Counts what costs a peer little and us much, and ends the connection of one that overdoes it: streams that are reset
 * as soon as opened (CVE-2023-44487), requests that make us reset (CVE-2025-8671), empty DATA frames, and frames that
 * want an answer from a peer that does not read.
 */
final class FloodGuard {

    /** The span resets are counted over. */
    private static final long WINDOW_NANOS = 30_000_000_000L;

    /**
     * Who waits this long before giving a call up pays with one of its concurrent calls meanwhile: 1000 of them make no
     * more than 20,000 such calls in a second, which is less than a client may make and have answered. So callers whose
     * deadlines pass because we are slow are not punished for it.
     */
    private static final long PATIENCE_NANOS = 50_000_000;

    /** Empty DATA frames without END_STREAM carry nothing; two in a row can be clumsiness, more are not. */
    private static final int MAX_EMPTY_DATA_IN_A_ROW = 2;

    private final Limits limits;
    private final Ticker ticker;
    private final boolean server;

    private long windowStart;
    private int resets;
    private int emptyData;
    private int queuedAnswers;
    private int queuedCalls;

    /**
     * @param server whether this is the server's end of the connection
     */
    FloodGuard(Limits limits, Ticker ticker, boolean server) {
        this.server = server;
        this.limits = limits;
        this.ticker = ticker;
        this.windowStart = ticker.nanos();
    }

    /** The peer broke a stream so that we had to reset it, or opened one that we cannot take. */
    void streamReset() {
        streamReset(0);
    }

    /**
     * A call has ended by its caller's doing: reset, or with a deadline that was too short, or broken. Honest clients do
     * that too, so every call that is answered with OK pays for one that is not; other answers come cheap, and pay for
     * nothing. A server's resets are its own business.
     *
     * @param ageNanos how long the call was open
     */
    void streamReset(long ageNanos) {
        if (!server || ageNanos >= PATIENCE_NANOS) {
            return;
        }
        long now = ticker.nanos();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            resets = 0;
        }
        if (++resets > limits.maxResetsPerWindow()) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    "more than " + limits.maxResetsPerWindow() + " streams more were reset than answered within 30 s");
        }
    }

    /** A call was answered with OK. */
    void streamCompleted() {
        if (resets > 0) {
            resets--;
        }
    }

    void data(boolean empty) {
        if (!empty) {
            emptyData = 0;
        } else if (++emptyData > MAX_EMPTY_DATA_IN_A_ROW) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    "more than " + MAX_EMPTY_DATA_IN_A_ROW + " DATA frames in a row were empty");
        }
    }

    /**
     * A frame of the peer's is being answered.
     *
     * @param peerReads whether what we write gets away
     */
    void answer(boolean peerReads) {
        if (peerReads) {
            peerReads();
        } else if (++queuedAnswers > limits.maxQueuedControlFrames()) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    "more than " + limits.maxQueuedControlFrames() + " frames wait for a peer that does not read");
        }
    }

    /**
     * A call has come. A client that reads nothing cannot know that calls have ended, so it may not open more than may be
     * open at once, however fast we answer; as answers, too, need memory until they get away.
     *
     * @param peerReads whether what we write gets away
     */
    void call(boolean peerReads) {
        if (peerReads) {
            peerReads();
        } else if (++queuedCalls > limits.maxConcurrentCalls() + limits.maxQueuedControlFrames()) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM, queuedCalls + " calls were opened by a peer that does not read");
        }
    }

    /** What we write gets away, or does so again: a download that fills the line looks stuck between two such moments. */
    void peerReads() {
        queuedAnswers = 0;
        queuedCalls = 0;
    }
}
