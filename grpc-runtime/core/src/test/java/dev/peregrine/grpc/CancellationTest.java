// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CancellationTest {

    private static final Status WHY = Status.of(StatusCode.CANCELLED, "the caller went away");

    private final Cancellation.Source source = new Cancellation.Source();
    private final Cancellation cancellation = source.cancellation();
    private final List<String> heard = new ArrayList<>();

    @Test
    void callbacksRunOnceInTheirOrder() {
        cancellation.onCancel(() -> heard.add("a"));
        cancellation.onCancel(() -> heard.add("b"));

        assertThat(source.cancel(WHY)).isTrue();
        assertThat(source.cancel(Status.of(StatusCode.UNAVAILABLE))).isFalse();
        assertThat(heard).containsExactly("a", "b");
        assertThat(cancellation.reason()).isSameAs(WHY);
    }

    @Test
    void aCallbackThatComesLateRunsAtOnce() {
        source.cancel(WHY);
        cancellation.onCancel(() -> heard.add("late"));

        assertThat(heard).containsExactly("late");
    }

    @Test
    void aCallbackThatIsTakenBackDoesNotRun() {
        Cancellation.Registration registration = cancellation.onCancel(() -> heard.add("a"));
        cancellation.onCancel(() -> heard.add("b"));
        registration.close();
        registration.close();
        source.cancel(WHY);
        registration.close();

        assertThat(heard).containsExactly("b");
    }

    @Test
    void aCallThatEndsByItselfIsNeverCancelled() {
        cancellation.onCancel(() -> heard.add("a"));
        source.done();
        cancellation.onCancel(() -> heard.add("late"));

        assertThat(source.cancel(WHY)).isFalse();
        assertThat(heard).isEmpty();
        assertThat(cancellation.isCancelled()).isFalse();
        cancellation.throwIfCancelled();
    }

    @Test
    void whoAsksIsThrownTheReason() {
        cancellation.throwIfCancelled();
        source.cancel(WHY);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(cancellation::throwIfCancelled)
                .withMessage("CANCELLED: the caller went away");
    }

    @Test
    void aCallbackThatFailsDoesNotSilenceTheOthers() {
        cancellation.onCancel(() -> {
            throw new IllegalStateException("I fail");
        });
        cancellation.onCancel(() -> heard.add("b"));

        assertThat(source.cancel(WHY)).isTrue();
        assertThat(heard).containsExactly("b");
    }

    @Test
    @Timeout(30)
    void registeringAndCancellingAtOnceRunsTheCallbackExactlyOnce() throws Exception {
        for (int round = 0; round < 2000; round++) {
            Cancellation.Source racing = new Cancellation.Source();
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    start.await();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                racing.cancellation().onCancel(runs::incrementAndGet);
            });
            start.countDown();
            racing.cancel(WHY);
            other.get();
            assertThat(runs).hasValue(1);
        }
    }
}
