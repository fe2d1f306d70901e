// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.TransportProvider;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until the test moves it; what is due then is done, on its event loop, before the test goes on. */
public final class FakeClock implements Clock {

    private final List<Due> dues = new ArrayList<>();
    private long now = Long.MAX_VALUE - Duration.ofHours(1).toNanos(); // Nanosecond clocks may wrap.
    private long elapsed;

    private record Due(long at, EventLoop loop, FutureTask<@Nullable Void> task) {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized Future<?> schedule(EventLoop loop, Runnable task, long delayNanos) {
        FutureTask<@Nullable Void> future = new FutureTask<>(task, null);
        dues.add(new Due(elapsed + Math.max(0, delayNanos), loop, future));
        return future;
    }

    /** HTTP/2 that goes by this clock. */
    public TransportProvider transport() {
        return new Http2Transport(this);
    }

    public void advance(Duration step) {
        long end = elapsed + step.toNanos();
        for (Due due = next(end); due != null; due = next(end)) {
            try {
                due.loop.submit(due.task).get(10, TimeUnit.SECONDS);
                due.loop.submit(() -> {}).get(10, TimeUnit.SECONDS); // Behind the flush of what the task has written.
            } catch (InterruptedException | ExecutionException | TimeoutException failed) {
                throw new AssertionError("something that was due was not done", failed);
            }
        }
        moveTo(end);
    }

    /** How many things are going to happen some time. */
    synchronized int dueLater() {
        dues.removeIf(due -> due.task.isCancelled());
        return dues.size();
    }

    private synchronized @Nullable Due next(long end) {
        dues.removeIf(due -> due.task.isCancelled());
        Due first = dues.stream().min(Comparator.comparingLong(Due::at)).orElse(null);
        if (first == null || first.at > end) {
            return null;
        }
        dues.remove(first);
        moveTo(Math.max(elapsed, first.at));
        return first;
    }

    private synchronized void moveTo(long moment) {
        now += moment - elapsed;
        elapsed = moment;
    }
}
