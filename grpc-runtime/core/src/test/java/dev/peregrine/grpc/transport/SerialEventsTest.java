// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SerialEventsTest {

    private final Deque<Runnable> executor = new ArrayDeque<>();
    private final SerialEvents events = new SerialEvents(executor::add);
    private final List<String> delivered = new ArrayList<>();

    private void offer(String event) {
        events.offer(() -> delivered.add(event));
    }

    @Test
    void eventsAreDeliveredInTheirOrderByOneTask() {
        offer("a");
        offer("b");
        offer("c");
        assertThat(executor).hasSize(1);
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "b", "c");
        assertThat(executor).isEmpty();
    }

    @Test
    void aNewTaskIsNeededOnlyWhenTheLastHasEnded() {
        offer("a");
        executor.remove().run();
        offer("b");
        assertThat(executor).hasSize(1);
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "b");
    }

    @Test
    void anEventOfferedByAnEventIsDeliveredByTheSameTask() {
        events.offer(() -> {
            offer("b");
            delivered.add("a");
        });
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "b");
        assertThat(executor).isEmpty();
    }

    @Test
    void anEventMayDeliverTheNextOnesWhileItRuns() {
        events.offer(() -> {
            delivered.add("before");
            await();
            await();
            delivered.add("behind");
        });
        offer("a");
        offer("b");
        offer("c");
        executor.remove().run();

        assertThat(delivered).containsExactly("before", "a", "b", "behind", "c");
    }

    @Test
    void whoAwaitsAnEventThatIsNotThereWaitsForIt() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        events.offer(() -> {
            waiting.countDown();
            await();
            delivered.add("behind");
        });
        CompletableFuture<Void> delivery = CompletableFuture.runAsync(executor.remove());
        waiting.await();
        offer("a");
        delivery.get(10, TimeUnit.SECONDS);

        assertThat(delivered).containsExactly("a", "behind");
    }

    @Test
    void whoWaitsCanBeInterrupted() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        events.offer(() -> {
            try {
                events.await(() -> false);
            } catch (InterruptedException interrupted) {
                thrown.complete(interrupted);
            }
        });
        Thread thread = new Thread(executor.remove());
        thread.start();
        thread.interrupt();

        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        thread.join(10_000);
        offer("a");
        executor.remove().run();
        assertThat(delivered).containsExactly("a");
    }

    @Test
    void whoSeesNoPointInWaitingDoesNotWait() {
        events.offer(() -> delivered.add("waited: " + waited(() -> true)));
        offer("a");
        executor.remove().run();
        events.offer(() -> delivered.add("waited: " + waited(() -> true)));
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "waited: true", "waited: false");
    }

    @Test
    void whoWaitsLooksAgainWhenWoken() throws Exception {
        AtomicBoolean pointless = new AtomicBoolean();
        CountDownLatch waiting = new CountDownLatch(1);
        events.offer(() -> delivered.add("waited: "
                + waited(() -> {
                    waiting.countDown();
                    return pointless.get();
                })));
        CompletableFuture<Void> delivery = CompletableFuture.runAsync(executor.remove());
        waiting.await();
        pointless.set(true);
        events.wake();
        delivery.get(10, TimeUnit.SECONDS);

        assertThat(delivered).containsExactly("waited: false");
    }

    private boolean waited(BooleanSupplier pointless) {
        try {
            return events.await(pointless);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void anEventThatIsThereIsDeliveredToAnInterruptedThreadFirst() {
        events.offer(() -> {
            Thread.currentThread().interrupt();
            await();
            assertThat(Thread.interrupted()).isTrue();
        });
        offer("a");
        executor.remove().run();

        assertThat(delivered).containsExactly("a");
    }

    @Test
    void anExecutorThatRefusesDropsTheEventAndMayTakeTheNext() {
        boolean[] full = {true};
        SerialEvents picky = new SerialEvents(task -> {
            if (full[0]) {
                throw new RejectedExecutionException("full");
            }
            executor.add(task);
        });

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> picky.offer(() -> delivered.add("a")));
        full[0] = false;
        picky.offer(() -> delivered.add("b"));
        executor.remove().run();
        assertThat(delivered).containsExactly("b");
    }

    @Test
    void oneThreadOffersManyDeliverAndNeverTwoAtOnce() throws Exception {
        int count = 200_000;
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            SerialEvents busy = new SerialEvents(pool);
            AtomicInteger inside = new AtomicInteger();
            int[] next = new int[1]; // Deliberately plain: the hand-over makes it visible.
            CompletableFuture<Void> failure = new CompletableFuture<>();
            CountDownLatch all = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                int number = i;
                busy.offer(() -> {
                    if (inside.getAndIncrement() != 0) {
                        failure.completeExceptionally(new AssertionError("two at once"));
                    }
                    if (next[0]++ != number) {
                        failure.completeExceptionally(new AssertionError("out of order at " + number));
                    }
                    inside.getAndDecrement();
                    all.countDown();
                });
            }
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(failure).isNotCompletedExceptionally();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aReaderThatAwaitsEachEventMissesNone() throws Exception {
        int count = 50_000;
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            SerialEvents busy = new SerialEvents(pool);
            int[] seen = new int[1];
            CompletableFuture<Integer> result = new CompletableFuture<>();
            busy.offer(() -> {
                try {
                    while (seen[0] < count) {
                        busy.await(() -> false);
                    }
                    result.complete(seen[0]);
                } catch (InterruptedException | RuntimeException failed) {
                    result.completeExceptionally(failed);
                }
            });
            for (int i = 0; i < count; i++) {
                busy.offer(() -> seen[0]++);
            }
            assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(count);
        } finally {
            pool.shutdownNow();
        }
    }

    private void await() {
        try {
            events.await(() -> false);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    // ---- whether somebody is at work ----

    @Test
    void whoAsksAnIdleQueueIsToldSoAndHearsNothingMore() {
        offer("a");
        executor.remove().run();

        assertThat(events.isBusy(() -> delivered.add("free"))).isFalse();
        offer("b");
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "b");
    }

    @Test
    void whoAsksABusyQueueHearsOnceWhenItIsFree() {
        events.offer(() -> {
            delivered.add("a");
            assertThat(events.isBusy(() -> delivered.add("free"))).isTrue();
            delivered.add("still a");
        });
        offer("b");
        executor.remove().run();
        offer("c");
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "still a", "b", "free", "c");
    }

    @Test
    void aDeliveryThatIsYetToBeginCountsAsBusy() {
        offer("a");
        assertThat(events.isBusy(() -> delivered.add("free"))).isTrue();
        executor.remove().run();

        assertThat(delivered).containsExactly("a", "free");
    }

    @Test
    void whoAsksWhileTheDeliveryEndsHearsExactlyOneAnswer() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                AtomicInteger heard = new AtomicInteger();
                SerialEvents raced = new SerialEvents(pool);
                CountDownLatch freed = new CountDownLatch(1);
                raced.offer(() -> {});
                boolean busy = raced.isBusy(() -> {
                    heard.incrementAndGet();
                    freed.countDown();
                });
                if (busy) {
                    assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
                }
                assertThat(heard).hasValue(busy ? 1 : 0);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
