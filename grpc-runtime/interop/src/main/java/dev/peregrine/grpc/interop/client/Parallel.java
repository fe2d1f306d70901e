// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** The same thing done by several threads at once. */
final class Parallel {

    private Parallel() {}

    /**
     * Runs the task on so many threads and waits for all of them; the calls in it have deadlines, so that ends.
     *
     * @param task is told the number of its thread, from 0
     * @throws RuntimeException what the task threw, on the first of the threads where it did
     */
    static void run(int threads, IntConsumer task) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                all.add(executor.submit(() -> task.accept(number)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CaseFailedException("interrupted while waiting for calls");
        } finally {
            executor.shutdownNow();
        }
    }
}
