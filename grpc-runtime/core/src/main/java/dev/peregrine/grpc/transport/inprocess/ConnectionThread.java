// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The door to a connection: whatever is to happen to it is posted here, and happens in the order it was posted. */
final class ConnectionThread {

    private final EventExecutor thread;
    private final Consumer<Throwable> onFailure;

    /**
     * @param onFailure gets what an action throws, on the thread
     */
    ConnectionThread(EventExecutor thread, Consumer<Throwable> onFailure) {
        this.thread = thread;
        this.onFailure = onFailure;
    }

    /** Does this, behind everything posted before; false if the thread is gone, because nobody uses it any more. */
    boolean post(Runnable action) {
        try {
            thread.execute(() -> guarded(action));
            return true;
        } catch (RejectedExecutionException gone) {
            return false;
        }
    }

    /** As {@link #post(Runnable)}, with bytes that are the action's to release. */
    void post(ByteBuf bytes, Consumer<ByteBuf> action) {
        if (!post(() -> action.accept(bytes))) {
            bytes.release();
        }
    }

    /** Does this later, unless it is cancelled; from the thread itself. */
    ScheduledFuture<?> schedule(Runnable action, long delayNanos) {
        return thread.schedule(() -> guarded(action), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error thrown) {
            onFailure.accept(thrown);
        }
    }
}
