// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Where connections read the time, and have things done later: a test moves a clock of its own instead of waiting. For
 * any thread.
 */
@AnyThread
interface Clock {

    /** The event loops' own. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Future<?> schedule(EventLoop loop, Runnable task, long delayNanos) {
            return loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }
    };

    /** Nanoseconds from an arbitrary origin, which wrap like those of {@link System#nanoTime}. */
    long nanos();

    /** Runs the task on the loop after this many nanoseconds, unless the future is cancelled before. */
    Future<?> schedule(EventLoop loop, Runnable task, long delayNanos);
}
