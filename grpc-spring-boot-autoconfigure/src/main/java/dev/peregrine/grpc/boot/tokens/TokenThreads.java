// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where tokens are fetched, which blocks. No more wait here than there are registrations: each fetches one token at a time. Threads end
 * when idle.
 */
final class TokenThreads implements Executor, AutoCloseable {

    /** So many authorization servers may be silent at once without keeping the others waiting. */
    private static final int THREADS = 4;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "grpc-token-" + NUMBER.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    TokenThreads() {
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Interrupts whatever is fetched, and stops what waits for a thread; the calls fail. */
    @Override
    public void close() {
        for (Runnable waiting : pool.shutdownNow()) {
            if (waiting instanceof Task task) {
                task.stopped();
            }
        }
    }

    /** Hears that it will not run. */
    interface Task extends Runnable {

        /** The threads were closed before one of them had time; on the thread that closes. */
        void stopped();
    }
}
