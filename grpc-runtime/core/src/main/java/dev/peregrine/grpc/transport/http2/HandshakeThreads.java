// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the long steps of handshakes run: signatures take a millisecond, and key and trust managers may block, for instance
 * to ask whether a certificate was revoked. On an event loop either would stall every other connection.
 */
@AnyThread
final class HandshakeThreads {

    /** For all servers and channels; the threads end when there is nothing to do. At most one task for each connection. */
    static final Executor EXECUTOR = threads();

    private HandshakeThreads() {}

    private static Executor threads() {
        int count = Math.max(2, Runtime.getRuntime().availableProcessors());
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "grpc-tls-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
