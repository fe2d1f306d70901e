// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has a place, who waits, and that no place is lost. */
@Timeout(60)
class ConcurrencyLimitTest {

    /** Tasks that were handed to a thread, until the test runs them. */
    private final Deque<Runnable> handedOver = new ArrayDeque<>();

    private final List<String> ran = new ArrayList<>();

    @Test
    void waitingTasksHaveTheirTurnInOrder() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 2, Duration.ZERO);
        Executor limited = limit.on(handedOver::add);
        limited.execute(() -> ran.add("one"));
        limited.execute(() -> ran.add("two"));
        limited.execute(() -> ran.add("three"));
        assertThatThrownBy(() -> limited.execute(() -> ran.add("four"))).isInstanceOf(CallRefusedException.class);

        assertThat(handedOver).hasSize(1);
        while (!handedOver.isEmpty()) {
            handedOver.remove().run();
        }

        assertThat(ran).containsExactly("one", "two", "three");
        assertThat(limit.running()).isZero();
    }

    @Test
    void anExecutorThatIsFullLeavesThePlaceFree() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Executor full = limit.on(task -> {
            throw new RejectedExecutionException("full");
        });

        assertThatThrownBy(() -> full.execute(() -> ran.add("never"))).isInstanceOf(RejectedExecutionException.class);

        assertThat(limit.running()).isZero();
        assertThat(limit.waiting()).isZero();
    }

    @Test
    void whereTheExecutorHasBecomeFullTheThreadThatIsDoneRunsWhoWaits() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Executor limited = limit.on(task -> {
            if (!ran.isEmpty()) {
                throw new RejectedExecutionException("full");
            }
            handedOver.add(task);
        });
        limited.execute(() -> ran.add("one"));
        limited.execute(() -> ran.add("two"));
        limited.execute(() -> ran.add("three"));

        handedOver.remove().run();

        assertThat(ran).containsExactly("one", "two", "three");
        assertThat(limit.running()).isZero();
    }

    @Test
    void aTaskThatThrowsLosesNoPlace() throws Exception {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
        Executor limited = limit.on(handedOver::add);
        limited.execute(() -> {
            throw new IllegalStateException("unforeseen");
        });
        Thread quiet = new Thread(handedOver.remove());
        quiet.setUncaughtExceptionHandler((thread, unforeseen) -> ran.add(unforeseen.getMessage()));
        quiet.start();
        quiet.join();

        assertThat(ran).containsExactly("unforeseen");
        assertThat(limit.running()).isZero();
    }

    @Test
    void underContentionNeverMoreThanTheLimitRunAndNobodyIsForgotten() throws Exception {
        ConcurrencyLimit limit = ConcurrencyLimit.of(3, 8, Duration.ZERO);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        Executor limited = limit.on(threads);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch settled = new CountDownLatch(4 * 500);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                all.add(callers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        try {
                            limited.execute(() -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                Thread.onSpinWait();
                                now.decrementAndGet();
                                done.incrementAndGet();
                                settled.countDown();
                            });
                        } catch (RejectedExecutionException refused) {
                            settled.countDown();
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
            assertThat(settled.await(30, TimeUnit.SECONDS))
                    .as("nobody is forgotten")
                    .isTrue();
        } finally {
            callers.shutdownNow();
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(done.get()).isPositive();
        assertThat(most.get()).isBetween(1, 3);
        assertThat(limit.running()).isZero();
    }
}
