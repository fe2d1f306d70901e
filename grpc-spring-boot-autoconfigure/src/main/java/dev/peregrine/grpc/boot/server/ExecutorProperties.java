// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import org.jspecify.annotations.Nullable;

/**
 * Where blocking handlers run.
 *
 * @param virtual Whether each call gets a virtual thread, which needs Java 21. What spring.threads.virtual.enabled says, if
 * not set.
 * @param poolSize Threads of the pool, where threads are not virtual. 200, if not set.
 * @param queueCapacity Calls that may wait for a thread of the pool; more are answered with RESOURCE_EXHAUSTED. 1000, if
 * not set.
 * @param bean Name of an Executor bean to use instead of all that.
 */
record ExecutorProperties(
        @Nullable Boolean virtual,
        @Nullable Integer poolSize,
        @Nullable Integer queueCapacity,
        @Nullable String bean) {

    ExecutorProperties {
        if (poolSize != null && poolSize < 1) {
            throw new IllegalArgumentException("pool-size: " + poolSize + " (expected: >= 1)");
        }
        if (queueCapacity != null && queueCapacity < 0) {
            throw new IllegalArgumentException("queue-capacity: " + queueCapacity + " (expected: >= 0)");
        }
        bean = bean == null || bean.isBlank() ? null : bean;
    }
}
