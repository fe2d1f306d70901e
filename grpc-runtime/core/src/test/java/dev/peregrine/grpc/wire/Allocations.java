// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what the current thread allocates. */
public final class Allocations {

    private static final int ROUNDS = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** Bytes per run, rounded down, so that what the measuring itself allocates does not count. */
    public static long bytesPerRun(Runnable action) {
        for (int i = 0; i < ROUNDS; i++) {
            action.run();
        }
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < ROUNDS; i++) {
            action.run();
        }
        return (THREADS.getThreadAllocatedBytes(thread) - before) / ROUNDS;
    }
}
