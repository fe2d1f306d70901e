// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One run of a load: hands out calls to its lanes while the budget lasts, and counts the answers. */
final class Tally {

    /** How long the last calls of a run may take; far beyond anything but a lost call. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(30);

    /** The clock is read once in so many calls, a power of two. */
    private static final int CLOCK_EVERY = 64;

    private final Budget budget;
    private final int expectedBytes;
    private final int answers;
    private final long end;
    private final CountDownLatch lanes;
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean over;

    Tally(Budget budget, Workload workload) {
        this.budget = budget;
        this.expectedBytes = workload.payloadBytes();
        this.answers = workload.answers();
        this.end = System.nanoTime() + budget.time().toNanos();
        this.lanes = new CountDownLatch(workload.outstanding());
    }

    /** Whether the lane may make one more call; if not, it must end with {@link #laneEnds}. */
    boolean mayCall() {
        if (over) {
            return false;
        }
        long call = started.getAndIncrement();
        if (call * answers >= budget.calls() || (call % CLOCK_EVERY == 0 && System.nanoTime() - end >= 0)) {
            over = true;
            return false;
        }
        return true;
    }

    /** The call, or the exchange in it, has come to its end with this answer. */
    void answered(EchoMessage answer) {
        int bytes = answer.getPayload().size();
        if (bytes != expectedBytes) {
            failed(new IllegalStateException("answer of " + bytes + " bytes (expected: " + expectedBytes + ")"));
            return;
        }
        answered.getAndAdd(answers);
    }

    void failed(Throwable reason) {
        failure.compareAndSet(null, reason);
        over = true;
    }

    void laneEnds() {
        lanes.countDown();
    }

    long await() throws InterruptedException {
        long patience = budget.time().plus(STRAGGLERS).toMillis();
        boolean ended = lanes.await(patience, TimeUnit.MILLISECONDS);
        over = true;
        Throwable reason = failure.get();
        if (reason != null) {
            throw new IllegalStateException("a call failed after " + answered + " good ones: " + reason, reason);
        }
        if (!ended) {
            throw new IllegalStateException(
                    lanes.getCount() + " calls were not answered within " + patience + " ms; " + answered + " were");
        }
        return answered.get();
    }
}
