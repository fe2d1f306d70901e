// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncodings;
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
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has a place, who waits, and that no place is lost. */
@Timeout(60)
class AdmissionTest {

    /** Tasks that were handed to a thread, until the test runs them. */
    private final Deque<Runnable> handedOver = new ArrayDeque<>();

    private final List<String> ran = new ArrayList<>();

    private static Admission call(Executor executor, ConcurrencyLimit... limits) {
        Admission admission = Admission.to(
                ServedMethod.of(
                        new ServerMethod<>(Texts.UNARY, call -> new ServerCall.Listener<>() {}, ExecutionMode.BLOCKING),
                        MethodOptions.DEFAULT.withExecutor(executor).withConcurrencyLimits(List.of(limits)),
                        List.of(),
                        Runnable::run,
                        new CompressionPolicy(MessageEncodings.NONE, null, 4 << 20, 200)),
                new QuietStream());
        assertThat(admission).isNotNull();
        return admission;
    }

    /** Begins a call whose handler notes its name and closes it. */
    private Admission begin(String name, Executor executor, ConcurrencyLimit... limits) {
        Admission call = call(executor, limits);
        call.execute(() -> {
            ran.add(name);
            call.end();
        });
        return call;
    }

    private void runAll() {
        while (!handedOver.isEmpty()) {
            handedOver.remove().run();
        }
    }

    @Test
    void waitingCallsHaveTheirTurnInOrder() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 2, Duration.ZERO);
        begin("one", handedOver::add, limit);
        begin("two", handedOver::add, limit);
        begin("three", handedOver::add, limit);
        assertThatThrownBy(() -> begin("four", handedOver::add, limit)).isInstanceOf(CallRefusedException.class);

        assertThat(handedOver).hasSize(1);
        runAll();

        assertThat(ran).containsExactly("one", "two", "three");
        assertThat(limit.running()).isZero();
    }

    @Test
    void aCallKeepsItsPlaceUntilItHasEndedAndItsThreadIsBack() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
        Admission call = call(handedOver::add, limit);
        call.execute(() -> ran.add("events"));
        runAll();
        assertThat(limit.running()).as("it has not ended").isEqualTo(1);

        call.execute(() -> ran.add("events"));
        call.end();
        assertThat(limit.running()).as("a thread is at work").isEqualTo(1);

        runAll();
        assertThat(limit.running()).isZero();
        call.end();
        assertThat(limit.running()).as("given back once").isZero();
    }

    @Test
    void aCallInsideNeedsNoFurtherPlaceForItsNextEvent() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 0, Duration.ZERO);
        Admission call = call(handedOver::add, limit);
        call.execute(() -> ran.add("events"));
        runAll();
        call.execute(() -> ran.add("more"));
        runAll();

        assertThat(ran).hasSize(2);
        assertThat(limit.running()).isEqualTo(1);
    }

    @Test
    void aCallThatEndsWhileItWaitsLeavesItsPlaceToOthers() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
        begin("one", handedOver::add, limit);
        Admission gone = begin("dropped", handedOver::add, limit);

        gone.end();

        assertThat(ran).as("its events let go of what they hold").containsExactly("dropped");
        assertThat(limit.waiting()).isZero();
        begin("two", handedOver::add, limit);
        runAll();
        assertThat(ran).containsExactly("dropped", "one", "two");
        assertThat(limit.running()).isZero();
    }

    @Test
    void aCallThatEndsBeforeItBeganTakesNoPlace() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 0, Duration.ZERO);
        call(handedOver::add, limit).end();

        assertThat(limit.running()).isZero();
        assertThat(handedOver).isEmpty();
    }

    @Test
    void anExecutorThatIsFullLeavesThePlaceFreeWhenTheCallHasEnded() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Admission call = call(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                limit);

        assertThatThrownBy(() -> call.execute(() -> ran.add("never"))).isInstanceOf(RejectedExecutionException.class);
        call.end();

        assertThat(limit.running()).isZero();
        assertThat(limit.waiting()).isZero();
        assertThat(ran).isEmpty();
    }

    @Test
    void whereTheExecutorHasBecomeFullTheThreadThatIsDoneRunsWhoWaits() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Executor filling = onceThen(new RejectedExecutionException("full"));
        begin("one", filling, limit);
        begin("two", filling, limit);
        begin("three", filling, limit);

        runAll();

        assertThat(ran).containsExactly("one", "two", "three");
        assertThat(limit.running()).isZero();
    }

    @Test
    void soItDoesWhereTheExecutorFailsInAnyOtherWay() {
        for (Throwable failure :
                List.of(new IllegalStateException("decorator"), new OutOfMemoryError("for the test"))) {
            ran.clear();
            ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
            Executor failing = onceThen(failure);
            begin("one", failing, limit);
            begin("two", failing, limit);

            runAll();

            assertThat(ran).containsExactly("one", "two");
            assertThat(limit.running()).isZero();
        }
    }

    @Test
    void aCallWhoseTurnComesOnAThreadThatIsNoHandlersGetsOneOfItsOwnIfTheExecutorIsFull() throws Exception {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Admission first = call(handedOver::add, limit);
        first.execute(() -> {});
        runAll();
        CountDownLatch done = new CountDownLatch(1);
        String[] thread = new String[1];
        Admission second = call(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                limit);
        second.execute(() -> {
            thread[0] = Thread.currentThread().getName();
            done.countDown();
        });

        first.end(); // As an event loop does.

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(thread[0]).isEqualTo("grpc-handler-overdue");
    }

    @Test
    void aCallThatEndsWhileNoThreadIsFoundForItKeepsNothing() {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Admission first = call(handedOver::add, limit);
        first.execute(() -> {});
        runAll();
        Admission[] second = new Admission[1];
        second[0] = call(
                task -> {
                    second[0].end(); // As its connection's thread does, between its turn and its refusal.
                    throw new RejectedExecutionException("full");
                },
                limit);
        second[0].execute(() -> ran.add("let go"));

        withoutThreads(first::end);

        assertThat(ran).containsExactly("let go");
        assertThat(limit.running()).isZero();
        assertThat(limit.waiting()).isZero();
    }

    /** Runs it on this thread, which cannot make others: what they would inherit fails. */
    private static void withoutThreads(Runnable action) {
        InheritableThreadLocal<String> fails = new InheritableThreadLocal<>() {
            @Override
            protected String childValue(String parents) {
                throw new OutOfMemoryError("unable to create native thread, for the test");
            }
        };
        fails.set("set");
        try {
            action.run();
        } finally {
            fails.remove();
        }
    }

    private Executor onceThen(Throwable failure) {
        boolean[] used = new boolean[1];
        return task -> {
            if (!used[0]) {
                used[0] = true;
                handedOver.add(task);
            } else if (failure instanceof Error error) {
                throw error;
            } else {
                throw (RuntimeException) failure;
            }
        };
    }

    @Test
    void aDeliveryThatThrowsLosesNoPlace() throws Exception {
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
        Admission call = call(handedOver::add, limit);
        call.execute(() -> {
            call.end();
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
    void anExecutorThatRunsItsTaskAtOnceHoldsUpNobodyElse() throws Exception {
        ConcurrencyLimit limit = ConcurrencyLimit.of(2, 0, Duration.ZERO);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Admission slow = call(Runnable::run, limit);
        Thread caller = new Thread(() -> slow.execute(() -> {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            slow.end();
        }));
        caller.start();
        assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();

        begin("other", Runnable::run, limit); // Would hang if the executor were called under the limit's lock.

        assertThat(ran).containsExactly("other");
        leave.countDown();
        caller.join();
        assertThat(limit.running()).isZero();
    }

    @Test
    void manyCallsThatWaitForAnExecutorThatRunsItsTaskAtOnceNeedNoDeepStack() throws Exception {
        int many = 20_000;
        ConcurrencyLimit wide = ConcurrencyLimit.of(2, many, Duration.ZERO);
        ConcurrencyLimit limit = ConcurrencyLimit.of(1, many, Duration.ZERO);
        Executor inPlace = task -> {
            task.run();
            throw new IllegalStateException("after the task");
        };
        begin("first", handedOver::add, wide, limit);
        for (int i = 0; i < many; i++) {
            begin("next", i % 2 == 0 ? Runnable::run : inPlace, wide, limit);
        }
        Thread small = new Thread(null, this::runAll, "small stack", 256 << 10);
        small.start();
        small.join();

        assertThat(ran).hasSize(many + 1).startsWith("first");
        assertThat(limit.running()).isZero();
        assertThat(wide.running()).isZero();
        assertThat(wide.waiting()).isZero();
    }

    @Test
    void aCallThatIsRefusedByTheSecondLimitKeepsNoPlaceInTheFirst() {
        ConcurrencyLimit roomy = ConcurrencyLimit.of(5, 0, Duration.ZERO);
        ConcurrencyLimit tight = ConcurrencyLimit.of(1, 0, Duration.ZERO);
        begin("one", handedOver::add, roomy, tight);
        Admission refused = call(handedOver::add, roomy, tight);

        assertThatThrownBy(() -> refused.execute(() -> {})).isInstanceOf(CallRefusedException.class);
        refused.end();

        assertThat(roomy.running()).isEqualTo(1);
        runAll();
        assertThat(roomy.running()).isZero();
        assertThat(tight.running()).isZero();
    }

    @Test
    void onTheEventLoopTheSameHolds() {
        ConcurrencyLimit roomy = ConcurrencyLimit.of(5, 0, Duration.ZERO);
        ConcurrencyLimit tight = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        Admission inside = call(Runnable::run, roomy, tight);
        inside.enter();
        Admission refused = call(Runnable::run, roomy, tight);

        assertThatThrownBy(refused::enter).isInstanceOf(CallRefusedException.class);
        refused.end();
        inside.end();

        assertThat(roomy.running()).isZero();
        assertThat(tight.running()).isZero();
    }

    @Test
    void aCallThatHasWaitedForOneLimitIsNotRefusedByTheNext() {
        ConcurrencyLimit first = ConcurrencyLimit.of(1, 5, Duration.ZERO);
        ConcurrencyLimit second = ConcurrencyLimit.of(1, 0, Duration.ZERO);
        begin("one", handedOver::add, first);
        begin("waits for both", handedOver::add, first, second);
        begin("other", handedOver::add, second);

        handedOver.remove().run(); // one
        assertThat(second.waiting()).isEqualTo(1);
        runAll();

        assertThat(ran).containsExactly("one", "other", "waits for both");
        assertThat(first.running()).isZero();
        assertThat(second.running()).isZero();
    }

    @Test
    void aPoolWithAsManyThreadsAsTheLimitHasPlacesServesAllWhoWait() throws Exception {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(0, 2, 1, TimeUnit.SECONDS, new SynchronousQueue<>()); // Refuses what waits.
        ConcurrencyLimit limit = ConcurrencyLimit.of(2, 1000, Duration.ZERO);
        CountDownLatch done = new CountDownLatch(1000);
        try {
            for (int i = 0; i < 1000; i++) {
                Admission call = call(pool, limit);
                try {
                    call.execute(() -> {
                        call.end();
                        done.countDown();
                    });
                } catch (RejectedExecutionException notBackYet) { // There is a place, but its thread is on its way.
                    call.end();
                    done.countDown();
                }
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(limit.running()).isZero();
        assertThat(limit.waiting()).isZero();
    }

    @Test
    void underContentionNeverMoreThanTheLimitRunAndNobodyIsForgotten() throws Exception {
        ConcurrencyLimit limit = ConcurrencyLimit.of(3, 8, Duration.ZERO);
        ConcurrencyLimit wider = ConcurrencyLimit.of(4, 4, Duration.ZERO);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch settled = new CountDownLatch(4 * 500);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                all.add(callers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        Admission call = i % 2 == 0 ? call(threads, limit) : call(threads, wider, limit);
                        boolean[] gone = new boolean[1];
                        try {
                            call.execute(() -> {
                                if (!gone[0]) {
                                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                    Thread.onSpinWait();
                                    now.decrementAndGet();
                                }
                                call.end();
                                done.incrementAndGet();
                                settled.countDown();
                            });
                            if (i % 3 == 0) { // Its caller goes away, at whatever point it is.
                                gone[0] = true;
                                call.end();
                            }
                        } catch (RejectedExecutionException refused) {
                            call.end();
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
        assertThat(limit.waiting()).isZero();
        assertThat(wider.running()).isZero();
    }
}
