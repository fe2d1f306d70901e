// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be handled at once, and how many more may wait for that. Given to one method or shared by several,
 * of one server or more. What is beyond both is answered at once, with RESOURCE_EXHAUSTED and a
 * {@code grpc-retry-pushback-ms} (gRFC A6), before it costs a thread.
 *
 * <p>A call of a blocking method takes its place when it would be handed to a thread, and keeps it until its handler has
 * returned, even if nobody waits for the answer any more. One that runs on the event loop takes its place when its handler
 * would begin, keeps it until it has ended, and cannot wait: it has no thread to be kept from.
 *
 * <p>Any thread may use it.
 */
public final class ConcurrencyLimit {

    private final int calls;
    private final int waiting;
    private final long pushbackMillis;
    private final Status refusal;

    // Guarded by this.
    private final Deque<LimitedExecutor.Waiting> queue = new ArrayDeque<>();
    private int running;

    private ConcurrencyLimit(int calls, int waiting, long pushbackMillis) {
        this.calls = calls;
        this.waiting = waiting;
        this.pushbackMillis = pushbackMillis;
        this.refusal = Status.of(
                StatusCode.RESOURCE_EXHAUSTED,
                "the server is at work on " + calls + " calls" + (waiting == 0 ? "" : ", and " + waiting + " wait")
                        + ", more may not; try again later");
    }

    /**
     * @param calls how many may be handled at once, at least 1
     * @param waiting how many more may wait, 0 or more
     * @param pushback when those that are refused may come back; each is told half of it to all of it, by chance, lest they
     *     come back together
     */
    public static ConcurrencyLimit of(int calls, int waiting, Duration pushback) {
        if (calls < 1) {
            throw new IllegalArgumentException("calls: " + calls + " (expected: >= 1)");
        }
        if (waiting < 0) {
            throw new IllegalArgumentException("waiting: " + waiting + " (expected: >= 0)");
        }
        if (pushback.isNegative()) {
            throw new IllegalArgumentException("pushback: " + pushback + " (expected: >= 0)");
        }
        return new ConcurrencyLimit(calls, waiting, pushback.toMillis());
    }

    /** Calls that are being handled. */
    public synchronized int running() {
        return running;
    }

    /** Calls that wait for their turn. */
    public synchronized int waiting() {
        return queue.size();
    }

    /** The executor, for as many tasks at once as this allows; throws {@link CallRefusedException} at those beyond. */
    Executor on(Executor executor) {
        return new LimitedExecutor(this, executor);
    }

    /** Takes a place, if there is one. */
    synchronized boolean enter() {
        if (running >= calls) {
            return false;
        }
        running++;
        return true;
    }

    /**
     * Takes a place and begins, or puts the task where {@link #leave} will find it. Begins under the lock: nobody may come
     * to wait behind a task that cannot begin after all, because nobody would wake them.
     *
     * @param begin hands the task to a thread, at once
     */
    synchronized void enterOrWait(LimitedExecutor.Waiting task, Runnable begin) {
        if (running < calls) {
            begin.run();
            running++;
        } else if (queue.size() < waiting) {
            queue.add(task);
        } else {
            throw refused();
        }
    }

    /** Gives a place back, or passes it on to the returned task, which then has to begin. */
    synchronized LimitedExecutor.@Nullable Waiting leave() {
        LimitedExecutor.Waiting next = queue.poll();
        if (next == null) {
            running--;
        }
        return next;
    }

    CallRefusedException refused() {
        return new CallRefusedException(refusal, Pushback.after(pushbackMillis));
    }

    @Override
    public String toString() {
        return "ConcurrencyLimit[" + calls + " at once, " + waiting + " waiting]";
    }
}
