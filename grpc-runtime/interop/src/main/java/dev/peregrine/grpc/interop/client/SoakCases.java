// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The same call again and again, by the {@link SoakPlan}. */
final class SoakCases {

    private SoakCases() {}

    /** All calls over one channel. */
    static void rpcSoak(TestStubs stubs) {
        soak(stubs.soakPlan(), () -> call(stubs));
    }

    /** Each call over a channel of its own. */
    static void channelSoak(TestStubs stubs) {
        soak(stubs.soakPlan(), () -> {
            try (ManagedChannel own = stubs.openChannel()) {
                call(stubs.on(own));
            }
        });
    }

    private static void call(TestStubs stubs) {
        SoakPlan plan = stubs.soakPlan();
        SimpleRequest request = SimpleRequest.newBuilder()
                .setResponseSize(plan.responseSize())
                .setPayload(Payloads.zeros(plan.requestSize()))
                .build();
        Expect.zeros(
                "the response",
                plan.responseSize(),
                stubs.service().unaryCall(request).getPayload());
    }

    private static void soak(SoakPlan plan, Runnable iteration) {
        long end = System.nanoTime() + plan.overallTimeout().toNanos();
        AtomicInteger left = new AtomicInteger(plan.iterations());
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        Parallel.run(plan.threads(), thread -> {
            while (System.nanoTime() < end && left.getAndDecrement() > 0) {
                long start = System.nanoTime();
                try {
                    iteration.run();
                    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                    if (millis > plan.maxLatency().toMillis()) {
                        failures.add("took " + millis + " ms (allowed: "
                                + plan.maxLatency().toMillis() + ")");
                    }
                } catch (StatusException | CaseFailedException failure) {
                    failures.add(failure.getMessage());
                }
                pauseUntil(start + plan.minTimeBetween().toNanos());
            }
        });
        if (left.get() > 0) {
            throw new CaseFailedException("after " + plan.overallTimeout().toSeconds() + " seconds " + left.get()
                    + " of " + plan.iterations() + " iterations were not begun");
        }
        if (failures.size() > plan.maxFailures()) {
            throw new CaseFailedException(failures.size() + " of " + plan.iterations() + " iterations failed (allowed: "
                    + plan.maxFailures() + "), the first ones: "
                    + List.copyOf(failures).subList(0, Math.min(5, failures.size())));
        }
    }

    private static void pauseUntil(long moment) {
        long nanos = moment - System.nanoTime();
        if (nanos > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted between two calls", interrupted);
            }
        }
    }
}
