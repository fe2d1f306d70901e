// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.meter;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Heap bytes this JVM allocated. Since JDK 21 the JVM keeps the sum, including threads that have ended; before, only
 * the threads alive can be added up, which is exact as long as none ends between two readings. What a virtual thread
 * allocates is counted with its carrier.
 */
final class HeapAllocation {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final @Nullable Method TOTAL = findTotal();

    private HeapAllocation() {}

    static long bytes() {
        Method total = TOTAL;
        if (total == null) {
            return sumOfLivingThreads();
        }
        try {
            return (long) total.invoke(THREADS);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static long sumOfLivingThreads() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes); // -1: the thread has ended
        }
        return sum;
    }

    private static @Nullable Method findTotal() {
        try {
            return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
        } catch (NoSuchMethodException beforeJdk21) {
            return null;
        }
    }
}
