// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be handled at once, and how many more may wait for that. Given to one method or shared by several,
 * of one server or more. What is beyond both is answered at once, with RESOURCE_EXHAUSTED and a
 * {@code grpc-retry-pushback-ms} (gRFC A6), before it costs a thread.
 *
 * <p>A call takes its place when its handler is to begin, which for those with a single request is when that has come. It
 * keeps the place until the handler has closed it, or nobody waits for the answer any more, and until no thread of a blocking
 * handler is at work for it. A call of a blocking method may wait until then; its place among those that wait is free as soon
 * as its caller goes away or its deadline passes. One that runs on the event loop cannot wait: it has no thread to be kept from.
 *
 * <p>Any thread may use it.
 */
public final class ConcurrencyLimit {

    private final int calls;
    private final int waiting;
    private final long pushbackMillis;
    private final Status refusal;

    // Guarded by this.
    /** In the order in which they came. A set, because callers that go away do so in any order. */
    private final Set<Admission> queue = new LinkedHashSet<>();

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

    /** Takes a place, if there is one. */
    synchronized boolean enter() {
        if (running >= calls) {
            return false;
        }
        running++;
        return true;
    }

    /**
     * Takes a place, if there is one; else the call comes to wait where {@link #leave} will find it.
     *
     * @param promised whether it may wait even if as many wait as may: it has waited for another limit before
     * @throws CallRefusedException if it may not wait
     */
    synchronized boolean enterOrWait(Admission call, boolean promised) {
        if (enter()) {
            return true;
        }
        if (queue.size() >= waiting && !promised) {
            throw refused();
        }
        queue.add(call);
        return false;
    }

    /** Gives a place back, or passes it on to the returned call, which waits no longer. */
    synchronized @Nullable Admission leave() {
        Iterator<Admission> first = queue.iterator();
        if (!first.hasNext()) {
            running--;
            return null;
        }
        Admission next = first.next();
        first.remove();
        return next;
    }

    /** The call waits no longer, if it still did. */
    synchronized void forget(Admission call) {
        queue.remove(call);
    }

    CallRefusedException refused() {
        return new CallRefusedException(refusal, Pushback.after(pushbackMillis));
    }

    @Override
    public String toString() {
        return "ConcurrencyLimit[" + calls + " at once, " + waiting + " waiting]";
    }
}
