// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** An executor behind a {@link ConcurrencyLimit}: tasks wait there for their turn, not on a thread. */
record LimitedExecutor(ConcurrencyLimit limit, Executor executor) implements Executor {

    /** A task that has no place yet. */
    record Waiting(Runnable task, LimitedExecutor home) {

        /** Goes to its executor now that there is a place; false if that is full. */
        boolean begin() {
            try {
                home.executor.execute(() -> home.run(this));
                return true;
            } catch (RejectedExecutionException full) {
                return false;
            }
        }

        /** The same, from a thread that has no time for it. */
        void beginElsewhere() {
            if (!begin()) { // It was promised its turn, and nobody is left to tell that there is none.
                Thread thread = new Thread(() -> home.run(this), "grpc-handler-overdue");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /**
     * @throws CallRefusedException if the limit has no room for the task
     * @throws RejectedExecutionException if it has, and the executor does not
     */
    @Override
    public void execute(Runnable task) {
        Waiting entry = new Waiting(task, this);
        limit.enterOrWait(entry, () -> executor.execute(() -> run(entry)));
    }

    /** Runs a task that has a place, and those that nobody else takes when it is done. */
    private void run(Waiting first) {
        Waiting next = first;
        do {
            try {
                next.task.run();
            } catch (Throwable unforeseen) { // Calls deal with what handlers throw; the place must not be lost over it.
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, unforeseen);
            }
            next = nextForThisThread();
        } while (next != null);
    }

    /** Executors of calls that wait may be full, this one's too; then the thread that has a place for a call runs it. */
    private @Nullable Waiting nextForThisThread() {
        Waiting next = limit.leave();
        return next == null || next.begin() ? null : next;
    }
}
