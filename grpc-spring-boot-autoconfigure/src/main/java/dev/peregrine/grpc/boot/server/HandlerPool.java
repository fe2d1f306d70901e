// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.HandOffQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Spring's pool, but a call goes to a thread that is idle before a new one is started, and waits only behind both. */
final class HandlerPool extends ThreadPoolTaskExecutor {

    private static final long serialVersionUID = 1L;

    @Override
    protected BlockingQueue<Runnable> createQueue(int queueCapacity) {
        return new HandOffQueue(Math.max(0, queueCapacity)); // Less than none is none, as Spring has it.
    }

    @Override
    protected ExecutorService initializeExecutor(ThreadFactory threads, RejectedExecutionHandler full) {
        return super.initializeExecutor(threads, HandOffQueue.waitOr(full));
    }
}
