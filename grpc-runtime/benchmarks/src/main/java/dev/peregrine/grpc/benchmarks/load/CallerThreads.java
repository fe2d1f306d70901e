// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import java.util.concurrent.ThreadFactory;

/** The threads of blocking callers: virtual where the JDK has them (21 and newer), else daemon platform threads. */
final class CallerThreads {

    private CallerThreads() {}

    static ThreadFactory factory() {
        if (Runtime.version().feature() >= 21) {
            return virtual();
        }
        return task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@code Thread.ofVirtual().factory()}, said without the words that JDK 17 does not know. */
    private static ThreadFactory virtual() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
