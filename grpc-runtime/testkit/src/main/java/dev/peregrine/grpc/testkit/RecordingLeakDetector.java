// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Netty's leak detector, which remembers what it reports; Netty itself would only log it. Netty makes one for each kind
 * of resource when started with {@code -Dio.netty.customResourceLeakDetector} and the name of this class.
 *
 * @param <T> the resource
 */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {

    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    /** Called by Netty. */
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** Called by Netty, with a number that has no meaning any more. */
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    /** What was reported since {@link #forget()}; each report says where the resource was last seen. */
    static List<String> reports() {
        return List.copyOf(REPORTS);
    }

    static void forget() {
        REPORTS.clear();
    }

    /** Whatever the logging is set to. */
    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        if (!records.contains(LeakCheck.CANARY)) {
            super.reportTracedLeak(resourceType, records);
        }
        REPORTS.add(resourceType + " was not released; last seen at" + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        super.reportUntracedLeak(resourceType);
        REPORTS.add(resourceType + " was not released");
    }
}
