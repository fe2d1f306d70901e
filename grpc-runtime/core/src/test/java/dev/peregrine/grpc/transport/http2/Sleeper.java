// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A handler that waits until it is let go or interrupted, and tells which. */
public final class Sleeper {

    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch asleep = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile Status reason;

    /** The handler. */
    public String sleep(String text) {
        CallContext call = CallContext.current();
        call.cancellation().onCancel(() -> {
            reason = call.cancellation().reason();
            cancelled.countDown();
        });
        asleep.countDown();
        try {
            assertThat(released.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException told) {
            interrupted.countDown();
            throw new IllegalStateException("interrupted", told);
        }
        return "slept: " + text;
    }

    public void release() {
        released.countDown();
    }

    public void expectAsleep() {
        expect(asleep, "the handler to run");
    }

    public void expectInterrupted() {
        expect(interrupted, "the handler to be interrupted");
    }

    /** What the call's cancellation said. */
    public Status expectCancelled() {
        expect(cancelled, "the call to be cancelled");
        return reason;
    }

    public boolean isAsleep() {
        return asleep.getCount() == 0;
    }

    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    static void expect(CountDownLatch event, String what) {
        try {
            assertThat(event.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }
}
