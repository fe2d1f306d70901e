// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension, {@code @ExtendWith(LeakCheck.class)}, that fails a test class in which a Netty buffer was not
 * released. Every buffer is watched while it is in force.
 *
 * <p>How it can be sure: it drops a buffer on purpose, a canary, and lets the garbage collector run until Netty has
 * reported that one. Whatever became garbage before has been reported then.
 *
 * <p>Netty must use {@link RecordingLeakDetector}. It does if the JVM is started with
 * {@code -Dio.netty.customResourceLeakDetector=dev.peregrine.grpc.testkit.RecordingLeakDetector}, or if nothing in it
 * has touched a buffer before this class is loaded; otherwise the check says so and fails.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

    /** What is written on the buffers that are dropped on purpose. */
    static final String CANARY = "canary of the leak check #";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger CANARIES = new AtomicInteger();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new RecordingLeakDetector<>(resource, samplingInterval);
            }
        });
    }

    /** What was dropped earlier is not the fault of this class. */
    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        sweep();
        RecordingLeakDetector.forget();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        sweep();
        List<String> leaks = RecordingLeakDetector.reports().stream()
                .filter(report -> !report.contains(CANARY))
                .toList();
        RecordingLeakDetector.forget();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " kinds of leak; " + String.join("\n", leaks));
        }
    }

    private static void sweep() {
        String canary = CANARY + CANARIES.incrementAndGet() + '.';
        drop(canary);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (RecordingLeakDetector.reports().stream().noneMatch(report -> report.contains(canary))) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "Netty has not reported a buffer that was dropped on purpose within " + PATIENCE
                                + "; start the JVM with -Dio.netty.customResourceLeakDetector="
                                + RecordingLeakDetector.class.getName());
            }
            System.gc();
            // Netty looks for leaks when it makes a buffer.
            PooledByteBufAllocator.DEFAULT.heapBuffer(1).release();
        }
    }

    private static void drop(String canary) {
        ByteBuf dropped = PooledByteBufAllocator.DEFAULT.heapBuffer(1);
        dropped.touch(canary);
    }
}
