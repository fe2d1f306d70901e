// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.transport.RareWarning;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where blocking handlers run unless the application brings an executor: a virtual thread per call on JDK 21 and newer,
 * else a pool with a bound on its threads and on its queue. Never an unbounded pool: what does not fit is refused.
 */
final class BlockingExecutors {

    /** As many as Spring's web servers allow by default; a blocked platform thread costs about a megabyte. */
    static final int POOL_THREADS = 200;

    /** Calls that may wait for a thread; beyond it callers hear RESOURCE_EXHAUSTED instead of waiting in vain. */
    static final int POOL_QUEUE = 1000;

    private static final System.Logger LOG = System.getLogger(BlockingExecutors.class.getName());

    private static final @Nullable MethodHandle VIRTUAL_THREAD_STARTER = findVirtualThreadStarter();

    private BlockingExecutors() {}

    static boolean hasVirtualThreads() {
        return VIRTUAL_THREAD_STARTER != null;
    }

    static Executor virtualThreads() {
        MethodHandle starter = VIRTUAL_THREAD_STARTER;
        if (starter == null) {
            throw new IllegalStateException("virtual threads need JDK 21, this is " + Runtime.version());
        }
        return task -> {
            try {
                Thread ignored = (Thread) starter.invokeExact(task);
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        };
    }

    static ThreadPoolExecutor boundedPool() {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, "grpc-handler-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1,
                POOL_THREADS,
                30,
                TimeUnit.SECONDS,
                new HandOffQueue(POOL_QUEUE),
                threads,
                HandOffQueue.waitOr(refusals(new RareWarning(LOG, Ticker.SYSTEM))));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The log tells the one who runs the server what to do; the caller hears why. */
    private static RejectedExecutionHandler refusals(RareWarning warning) {
        return (task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the server has shut down");
            }
            warning.warn("calls are refused: all " + POOL_THREADS + " threads for blocking handlers are at work, and "
                    + POOL_QUEUE + " calls wait for one. Run on JDK 21 or newer, which has virtual threads; or give"
                    + " Server.Builder.blockingExecutor an executor with more; or let each connection have fewer calls"
                    + " (the limit maxConcurrentCalls)");
            throw new PoolFullException(POOL_THREADS, POOL_QUEUE);
        };
    }

    private static @Nullable MethodHandle findVirtualThreadStarter() {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }
}
