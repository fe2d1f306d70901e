// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Asks the contributors, now and then and when there is a reason, one time after the other on a thread of its own. While they
 * do not answer, nobody knows that they are up. For any thread.
 */
final class HealthRefresh implements DisposableBean {

    /** A database that needs longer for a ping is of no use to callers. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Log log = LogFactory.getLog(HealthRefresh.class);

    private final Contributors contributors;
    private final HealthReporter reporter;
    private final Duration interval;
    private final Duration timeout;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "grpc-health");
        made.setDaemon(true);
        return made;
    });
    private boolean polling;

    /**
     * @param interval how often they are asked without a reason; zero for never
     * @param timeout how long they may take to answer
     */
    HealthRefresh(Contributors contributors, HealthReporter reporter, Duration interval, Duration timeout) {
        this.contributors = contributors;
        this.reporter = reporter;
        this.interval = interval;
        this.timeout = timeout;
    }

    /** Asks as soon as possible, and from now on at the interval. */
    synchronized void now() {
        try {
            if (polling || interval.isZero() || contributors == Contributors.NONE) {
                thread.execute(this::refresh);
            } else {
                polling = true;
                thread.scheduleWithFixedDelay(this::refresh, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException destroyed) {
            // The context is closing, and nothing is asked any more.
        }
    }

    private void refresh() {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<Void> late = answered.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyAsync(this::silent, HealthRefresh::onThreadOfItsOwn);
        try {
            Map<String, Boolean> up = contributors.check();
            if (!answered.complete(null)) {
                late.join(); // Their silence is reported first, and this behind it.
            }
            reporter.contributors(up);
        } catch (Throwable failure) { // Or the executor would never do it again.
            answered.complete(null);
            if (!thread.isShutdown()) {
                failed(failure);
            }
        }
    }

    private void failed(Throwable failure) {
        log.error("The health contributors could not be asked: nothing that depends on them is SERVING", failure);
        try {
            reporter.contributorsSilent();
        } catch (RuntimeException | Error unheard) {
            log.error("Nor could that be told", unheard);
        }
    }

    private @Nullable Void silent(Throwable late) {
        log.warn("The health contributors have not answered for " + timeout
                + ": nothing that depends on them is SERVING until they do");
        reporter.contributorsSilent();
        return null;
    }

    /** Ours waits for the contributors, and the timer's is everybody's in the JVM. */
    private static void onThreadOfItsOwn(Runnable news) {
        Thread made = new Thread(news, "grpc-health-late");
        made.setDaemon(true);
        made.start();
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
    }
}
