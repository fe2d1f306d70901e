// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.transport.TransportThread;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all in-process connections: at most one for each core, started when needed, there as long as somebody
 * uses them.
 */
final class InProcessThreads {

    private static @Nullable EventExecutorGroup shared;
    private static int users;

    private InProcessThreads() {}

    static synchronized EventExecutorGroup acquire() {
        if (shared == null) {
            AtomicInteger number = new AtomicInteger();
            ThreadFactory threads = work -> new TransportThread(work, "grpc-inprocess-" + number.incrementAndGet());
            shared = new DefaultEventExecutorGroup(Runtime.getRuntime().availableProcessors(), threads);
        }
        users++;
        return shared;
    }

    static synchronized void release() {
        users--;
        if (users == 0 && shared != null) {
            // Whoever releases last may do so on one of them, so nobody waits here; the threads are daemons.
            shared.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            shared = null;
        }
    }
}
