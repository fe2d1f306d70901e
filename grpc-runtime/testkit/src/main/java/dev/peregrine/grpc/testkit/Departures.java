// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The steps by which a line's octets leave, done in order: without {@link Latency} at once, otherwise each some time later,
 * on a thread of their own. As a socket's buffer, it takes only so much for a side that has stopped reading.
 */
final class Departures {

    /** More than a socket takes, with pieces of {@link #PIECE}; enough small frames for a flood. */
    private static final int MOST_UNDER_WAY = 128;

    /** Largest number of octets for one step; the JDK cuts what it writes to a socket into the same. */
    static final int PIECE = 128 * 1024;

    private final Latency latency;
    private final Queue<Runnable> underWay = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final ScheduledThreadPoolExecutor timer;

    Departures(Latency latency, ThreadFactory threads) {
        this.latency = latency;
        this.timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    /** Behind everything before; waits for room. */
    void add(Runnable step) throws InterruptedException {
        if (latency.isNone()) {
            step.run();
            return;
        }
        room.acquire();
        leave(step);
    }

    /** Behind everything before, or at once if there is no room: does not wait. For the last step. */
    void addLast(Runnable step) {
        if (latency.isNone() || !room.tryAcquire()) {
            step.run();
        } else {
            leave(step);
        }
    }

    /** Whichever moment comes first is that of the step which was added first. */
    private void leave(Runnable step) {
        underWay.add(step);
        timer.schedule(this::departFirst, latency.nextNanos(), TimeUnit.NANOSECONDS);
    }

    private void departFirst() {
        underWay.remove().run();
        room.release();
    }
}
