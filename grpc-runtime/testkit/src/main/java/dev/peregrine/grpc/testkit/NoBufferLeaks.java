// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that fails a test class after which Netty found a buffer that was lost without being released. Netty
 * tracks every buffer because the build sets {@code io.netty.leakDetection.level=PARANOID}; on its own it only logs what
 * it finds.
 *
 * <p>It must be there before the first buffer is made, or Netty goes on reporting to the log alone. So it is not named at
 * single classes but registered for all of a module: have this kit on the test class path, and in
 * {@code junit-platform.properties} {@code junit.jupiter.extensions.autodetection.enabled=true}.
 */
public final class NoBufferLeaks implements AfterAllCallback {

    private static final ConcurrentLinkedQueue<String> REPORTS = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new ReportingDetector<>(resource, samplingInterval);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
                return new ReportingDetector<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> reports = takeReports();
        if (!reports.isEmpty()) {
            throw new AssertionError(reports.size() + " resource(s) lost without being released, in "
                    + context.getDisplayName() + " or before:\n" + String.join("\n", reports));
        }
    }

    /** What Netty has found since the last time, everything that can be collected now included. */
    static List<String> takeReports() throws InterruptedException {
        collectGarbage();
        // Netty looks for lost buffers when it makes a new one.
        PooledByteBufAllocator.DEFAULT.heapBuffer().release();
        List<String> reports = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            reports.add(report);
        }
        return reports;
    }

    /** Twice, for what only the first round made collectable; each round until a canary has been found dead. */
    private static void collectGarbage() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            ReferenceQueue<Object> found = new ReferenceQueue<>();
            PhantomReference<Object> canary = new PhantomReference<>(new Object(), found);
            for (int attempt = 0; attempt < 20; attempt++) {
                System.gc();
                if (found.remove(500) == canary) {
                    break;
                }
            }
        }
    }

    private static final class ReportingDetector<T> extends ResourceLeakDetector<T> {

        ReportingDetector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        /** Netty would not even look where the log takes no errors, as without a logging library behind SLF4J. */
        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType + ", with no record of where it was used");
        }
    }
}
