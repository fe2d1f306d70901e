// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.wire.ErrorCode;

/**
 * Ends the connection of a peer that does not read what we write, and still sends what has to be answered: SETTINGS and PING
 * (CVE-2019-9512, CVE-2019-9515), or calls. Windows do not hold such answers back, so they would pile up.
 */
final class UnreadGuard {

    private final int mostAnswers;
    private final long mostCalls;

    private int answers;
    private long calls;

    UnreadGuard(Limits limits) {
        this.mostAnswers = limits.maxQueuedControlFrames();
        this.mostCalls = (long) limits.maxConcurrentCalls() + limits.maxQueuedControlFrames();
    }

    /**
     * A frame of the peer's is being answered.
     *
     * @param peerReads whether what we write gets away
     */
    void answer(boolean peerReads) {
        if (peerReads) {
            peerReads();
        } else if (++answers > mostAnswers) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    answers + " answers to SETTINGS and PING wait for a peer that does not read (allowed: "
                            + mostAnswers + ", maxQueuedControlFrames)");
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
        } else if (++calls > mostCalls) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    calls + " calls were opened by a peer that does not read (allowed: " + mostCalls
                            + ", maxConcurrentCalls and maxQueuedControlFrames together)");
        }
    }

    /** What we write gets away, or does so again: a download that fills the line looks stuck between two such moments. */
    void peerReads() {
        answers = 0;
        calls = 0;
    }
}
