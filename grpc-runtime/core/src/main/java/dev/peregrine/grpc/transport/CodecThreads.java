// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for work that would hold up an event loop and has no other thread to go to: compressing and unpacking large
 * messages of calls that live on event loops. As many as there are processors, shared by the process; idle ones end.
 *
 * <p>They are {@link TransportThread}s: what belongs to such a call must not block here either.
 */
public final class CodecThreads {

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private static final long IDLE_SECONDS = 30;

    /**
     * Rejects nothing. Its queue has no bound of its own: each call is in it twice at most, once for each direction, and
     * holds its sender back meanwhile.
     */
    public static final Executor EXECUTOR = start();

    private CodecThreads() {}

    private static Executor start() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> new TransportThread(work, "grpc-codec-" + number.incrementAndGet(), false));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
