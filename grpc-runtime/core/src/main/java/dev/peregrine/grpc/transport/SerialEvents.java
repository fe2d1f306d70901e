// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of one call, delivered one at a time on threads of an executor instead of the connection's thread. While
 * an event is being delivered its code may {@link #await} further ones: they are then delivered on the same thread,
 * nested. So a blocking handler reads its messages on its own thread, through the same listeners as everybody else.
 *
 * <pre>
 *   connection's thread          handler's thread
 *   offer(start)   ── execute ──▶ run: start
 *   offer(message) ─┐                  └─ user code: read() → await: message
 *   offer(close)   ─┴─ unpark ──▶          └─ read() → await: close
 * </pre>
 *
 * <p>Thread rule: one thread offers. One thread at a time delivers; the executor's hand-over and the counter make what
 * one delivery wrote visible to the next.
 */
public final class SerialEvents implements Runnable {

    private static final AtomicReferenceFieldUpdater<SerialEvents, @Nullable Runnable> WHEN_FREE =
            AtomicReferenceFieldUpdater.newUpdater(SerialEvents.class, Runnable.class, "whenFree");

    private final Executor executor;

    /** Events offered and not yet accounted as delivered; above zero means that a delivery runs or is scheduled. */
    private final AtomicInteger pending = new AtomicInteger();

    /** The first event of an idle queue; most calls have one event only and never make the queue. */
    private volatile @Nullable Runnable first;

    private volatile @Nullable ConcurrentLinkedQueue<Runnable> rest;
    private volatile @Nullable Thread waiter;

    /** What {@link #isBusy} was asked to do; whoever takes it out does it. */
    private volatile @Nullable Runnable whenFree;

    /** Events taken by the running delivery; touched by the delivering thread only. */
    private int taken;

    public SerialEvents(Executor executor) {
        this.executor = executor;
    }

    /**
     * Adds an event, and a delivery if none is under way.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor takes no more; the event is then dropped
     */
    public void offer(Runnable event) {
        if (pending.getAndIncrement() == 0) {
            first = event;
            try {
                executor.execute(this);
            } catch (RuntimeException rejected) {
                first = null;
                pending.decrementAndGet();
                throw rejected;
            }
            return;
        }
        ConcurrentLinkedQueue<Runnable> queue = rest;
        if (queue == null) {
            queue = new ConcurrentLinkedQueue<>();
            rest = queue;
        }
        queue.add(event);
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Delivers until nothing is left; called by the executor. */
    @Override
    public void run() {
        int left;
        do {
            Runnable event = poll();
            if (event != null) {
                event.run();
            } else {
                Thread.onSpinWait();
            }
            int done = taken;
            taken = 0;
            left = pending.addAndGet(-done);
        } while (left != 0);
        Runnable asked = whenFree;
        if (asked != null && WHEN_FREE.compareAndSet(this, asked, null)) {
            asked.run();
        }
    }

    /**
     * Whether a delivery runs or is scheduled; for the thread that offers, when it has nothing more to offer.
     *
     * @param whenFree if so, run once when that has ended, on the thread that delivered
     */
    public boolean isBusy(Runnable whenFree) {
        if (pending.get() == 0) {
            return false;
        }
        this.whenFree = whenFree;
        // The delivery may have ended between the two: then either it has seen the request, or we take it back.
        return pending.get() != 0 || !WHEN_FREE.compareAndSet(this, whenFree, null);
    }

    /**
     * Delivers the next event on the calling thread, which must be the one that delivers; waits for it if there is none.
     *
     * @param pointless whether there is nothing to wait for any more; asked again after each {@link #wake}
     * @return false if there is no event and no point in waiting for one
     * @throws InterruptedException if the thread is interrupted while nothing is there to deliver
     */
    public boolean await(BooleanSupplier pointless) throws InterruptedException {
        Runnable event = poll();
        if (event == null) {
            event = park(pointless);
        }
        if (event == null) {
            return false;
        }
        event.run();
        return true;
    }

    /** Makes a thread that waits look again whether that has a point; any thread may call this. */
    public void wake() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    private @Nullable Runnable park(BooleanSupplier pointless) throws InterruptedException {
        waiter = Thread.currentThread();
        try {
            while (true) {
                Runnable event = poll();
                if (event != null) {
                    return event;
                }
                if (pointless.getAsBoolean()) {
                    return null;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.park(this);
            }
        } finally {
            waiter = null;
        }
    }

    private @Nullable Runnable poll() {
        Runnable event = first;
        if (event != null) {
            first = null;
            taken++;
            return event;
        }
        ConcurrentLinkedQueue<Runnable> queue = rest;
        event = queue == null ? null : queue.poll();
        if (event != null) {
            taken++;
        }
        return event;
    }
}
