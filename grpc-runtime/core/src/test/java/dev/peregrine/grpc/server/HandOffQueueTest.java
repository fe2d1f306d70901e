// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An idle thread first, a new one second, waiting third, and refusal last; and no task is lost between them. */
@Timeout(60)
class HandOffQueueTest {

    private final List<ThreadPoolExecutor> pools = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void end() throws InterruptedException {
        released.countDown();
        for (ThreadPoolExecutor pool : pools) {
            pool.shutdownNow();
            assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private ThreadPoolExecutor pool(int threads, int capacity, long keepAliveMicros) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1,
                threads,
                keepAliveMicros,
                TimeUnit.MICROSECONDS,
                new HandOffQueue(capacity),
                HandOffQueue.waitOr(new ThreadPoolExecutor.AbortPolicy()));
        pool.allowCoreThreadTimeOut(true);
        pools.add(pool);
        return pool;
    }

    private ThreadPoolExecutor pool(int threads, int capacity) {
        return pool(threads, capacity, TimeUnit.MINUTES.toMicros(1));
    }

    private void sleep() {
        try {
            released.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitIdle(ThreadPoolExecutor pool) {
        while (!((HandOffQueue) pool.getQueue()).hasWaitingConsumer()) {
            Thread.onSpinWait(); // Until the test's time is up.
        }
    }

    @Test
    void anIdleThreadIsAskedBeforeANewOneIsMade() throws InterruptedException {
        ThreadPoolExecutor pool = pool(200, 1000);
        for (int i = 0; i < 1000; i++) {
            CountDownLatch done = new CountDownLatch(1);
            pool.execute(done::countDown);
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            awaitIdle(pool);
        }

        assertThat(pool.getLargestPoolSize()).isOne();
    }

    @Test
    void aNewThreadIsMadeBeforeATaskWaitsAndATaskWaitsBeforeItIsRefused() {
        ThreadPoolExecutor pool = pool(200, 50);
        for (int i = 0; i < 200; i++) {
            pool.execute(this::sleep);
            assertThat(pool.getPoolSize()).isEqualTo(i + 1);
        }
        for (int i = 0; i < 50; i++) {
            pool.execute(this::sleep);
        }

        assertThat(pool.getPoolSize()).isEqualTo(200);
        assertThat(pool.getQueue()).hasSize(50);
        assertThat(pool.getQueue().remainingCapacity()).isZero();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(this::sleep));
        assertThat(pool.getQueue()).hasSize(50);
    }

    @Test
    void whatWaitsRunsInItsOrderAndLeavesRoom() throws InterruptedException {
        ThreadPoolExecutor pool = pool(1, 3);
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(3);
        pool.execute(this::sleep);
        for (int i = 0; i < 3; i++) {
            int number = i;
            pool.execute(() -> {
                ran.add(number);
                done.countDown();
            });
        }

        released.countDown();

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly(0, 1, 2);
        assertThat(pool.getQueue().remainingCapacity()).isEqualTo(3);
    }

    @Test
    void whereNothingMayWaitAThreadThatIsFreeStillGetsTheTask() throws InterruptedException {
        ThreadPoolExecutor pool = pool(1, 0);
        pool.execute(() -> {});
        awaitIdle(pool);
        CountDownLatch done = new CountDownLatch(1);
        pool.execute(done::countDown);

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        awaitIdle(pool);
        pool.execute(this::sleep);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(this::sleep));
    }

    @Test
    void noTaskIsLostWhereThreadsLeaveWhileTasksCome() throws InterruptedException {
        for (int threads : new int[] {1, 2, 4}) {
            ThreadPoolExecutor pool = pool(threads, 8, 1); // A thread leaves as soon as it has nothing to do.
            AtomicInteger ran = new AtomicInteger();
            int taken = 0;
            for (int i = 0; i < 20_000; i++) {
                try {
                    pool.execute(ran::incrementAndGet);
                    taken++;
                } catch (RejectedExecutionException full) {
                    Thread.onSpinWait();
                }
            }
            int expected = taken;
            while (ran.get() < expected) { // Nothing more comes that could wake anybody.
                Thread.onSpinWait();
            }
            assertThat(pool.getQueue().remainingCapacity()).isEqualTo(8);
        }
    }

    @Test
    void aPoolThatIsShutDownTakesNothingAndFinishesWhatWaits() throws InterruptedException {
        ThreadPoolExecutor pool = pool(1, 5);
        CountDownLatch done = new CountDownLatch(1);
        pool.execute(this::sleep);
        pool.execute(done::countDown);

        pool.shutdown();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(this::sleep));
        released.countDown();

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCapacityBelowNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HandOffQueue(-1))
                .withMessage("capacity: -1 (expected: >= 0)");
    }
}
