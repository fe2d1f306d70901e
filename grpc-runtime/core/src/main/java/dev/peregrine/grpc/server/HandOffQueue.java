// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The queue of a pool that gives a task to an idle thread if there is one, else to a new thread as long as there may be more,
 * and only else lets it wait; no more than so many wait. A {@link ThreadPoolExecutor} with one of the usual queues does one of
 * two other things: up to its core size it starts a thread for each task, however many are idle; above that it starts one
 * only when the queue is full.
 *
 * <pre>{@code
 * ThreadPoolExecutor pool = new ThreadPoolExecutor(
 *         1, 200, 30, SECONDS, new HandOffQueue(1000), HandOffQueue.waitOr(new ThreadPoolExecutor.AbortPolicy()));
 * pool.allowCoreThreadTimeOut(true);
 * }</pre>
 *
 * <pre>
 *   execute ── offer: does a thread wait for work? ── yes ──▶ it has the task
 *                 └─ no ── may there be one more? ── yes ──▶ a new thread has it
 *                             └─ no ── waitOr: is there room? ── yes ──▶ it waits for the first thread that is done
 *                                         └─ no ──▶ what was to be done with tasks for which there is none
 * </pre>
 *
 * For a pool with a core size of 1, whose threads end when they have been idle for a time. Any thread may use it.
 */
public final class HandOffQueue extends LinkedTransferQueue<Runnable> {

    private static final long serialVersionUID = 1L;

    private final int capacity;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param capacity how many tasks may wait, 0 or more
     */
    public HandOffQueue(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 0)");
        }
        this.capacity = capacity;
    }

    /** Hands the task to a thread that waits for one; false, and the task is not kept, if none does. */
    @Override
    public boolean offer(Runnable task) {
        return tryTransfer(task);
    }

    @Override
    public int remainingCapacity() {
        return Math.max(0, capacity - waiting.get());
    }

    /**
     * What a pool with this queue does when all of its threads are at work.
     *
     * @param full what it does when as many tasks wait as may, or when it has been shut down
     */
    public static RejectedExecutionHandler waitOr(RejectedExecutionHandler full) {
        return (task, pool) -> {
            if (pool.isShutdown() || !(pool.getQueue() instanceof HandOffQueue queue) || !queue.keep(task, pool)) {
                full.rejectedExecution(task, pool);
            }
        };
    }

    /** Lets the task wait; false if it may not. */
    private boolean keep(Runnable task, ThreadPoolExecutor pool) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            return false;
        }
        Waiting entry = new Waiting(task);
        super.offer(entry);
        // All threads were at work a moment ago. Should the last of them have left for lack of it since, there has to
        // be
        // another: the pool starts one if it has none, and a thread that leaves later looks into the queue.
        pool.prestartCoreThread();
        if (pool.isShutdown() && remove(entry)) { // Perhaps nobody is left who would empty the queue.
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A task that waits, until it runs. */
    private final class Waiting implements Runnable {

        private final Runnable task;

        Waiting(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            waiting.decrementAndGet();
            task.run();
        }
    }
}
