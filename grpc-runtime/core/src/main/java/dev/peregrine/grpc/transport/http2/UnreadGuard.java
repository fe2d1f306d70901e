// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.wire.ErrorCode;
import java.util.function.Consumer;

/**
 * Ends the connection of a peer that does not read what we write, and still sends what has to be answered: SETTINGS and PING
 * (CVE-2019-9512, CVE-2019-9515), or calls. Windows do not hold such answers back, so they would pile up.
 *
 * <p>A line can stay full for as long as a peer reads, if every answer that it takes leads to another. So what counts is what a
 * peer asks for before it has taken all that was there when the count began: answers to that come behind, so whoever waits for
 * them has not asked for more than it may have open at once.
 */
final class UnreadGuard {

    private final int mostAnswers;
    private final long mostCalls;
    private final Consumer<Runnable> whenTaken;

    private int answers;
    private long calls;

    /** Whether it is awaited that the peer takes what was there when the count began. */
    private boolean awaiting;

    /**
     * @param whenTaken runs an action when the socket has taken what is written already
     */
    UnreadGuard(Limits limits, Consumer<Runnable> whenTaken) {
        this.whenTaken = whenTaken;
        this.mostAnswers = limits.maxQueuedControlFrames();
        this.mostCalls = (long) limits.maxConcurrentCalls() + limits.maxQueuedControlFrames();
    }

    /**
     * A frame of the peer's is being answered.
     *
     * @param lineIsFree whether what we write gets away
     */
    void answer(boolean lineIsFree) {
        if (lineIsFree) {
            peerReads();
            return;
        }
        await();
        if (++answers > mostAnswers) {
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
     * @param lineIsFree whether what we write gets away
     */
    void call(boolean lineIsFree) {
        if (lineIsFree) {
            peerReads();
            return;
        }
        await();
        if (++calls > mostCalls) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    calls + " calls were opened by a peer that does not read (allowed: " + mostCalls
                            + ", maxConcurrentCalls and maxQueuedControlFrames together)");
        }
    }

    private void await() {
        if (!awaiting) {
            awaiting = true;
            whenTaken.accept(() -> {
                awaiting = false;
                peerReads();
            });
        }
    }

    /** What we write gets away, or does so again: a download that fills the line looks stuck between two such moments. */
    void peerReads() {
        answers = 0;
        calls = 0;
    }
}
