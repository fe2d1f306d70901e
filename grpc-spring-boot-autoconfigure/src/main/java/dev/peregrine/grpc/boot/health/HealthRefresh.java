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
import org.springframework.beans.factory.DisposableBean;

/**
 * Asks the contributors, now and then and when there is a reason, one time after the other on a thread of its own. While they
 * do not answer, nobody knows that they are up. For any thread.
 */
final class HealthRefresh implements DisposableBean {

    /** A database that needs longer for a ping is of no use to callers. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Log log = LogFactory.getLog(HealthRefresh.class);

    private final Contributors contributors;
    private final HealthReporter reporter;
    private final Duration interval;
    private final Duration patience;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "grpc-health");
        made.setDaemon(true);
        return made;
    });
    private boolean polling;

    /**
     * @param interval how often they are asked without a reason; zero for never
     * @param patience how long they may take to answer
     */
    HealthRefresh(Contributors contributors, HealthReporter reporter, Duration interval, Duration patience) {
        this.contributors = contributors;
        this.reporter = reporter;
        this.interval = interval;
        this.patience = patience;
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
        CompletableFuture<Void> late = answered.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(timeout -> {
                    log.warn("The health contributors have not answered for " + patience
                            + ": nothing that depends on them is SERVING until they do");
                    reporter.contributorsSilent();
                    return null;
                });
        try {
            Map<String, Boolean> up = contributors.ask();
            if (!answered.complete(null)) {
                late.join(); // Their silence is reported first, and this behind it.
            }
            reporter.contributors(up);
        } catch (RuntimeException | LinkageError failure) { // Or the executor would never do it again.
            answered.complete(null);
            log.error("The health of the application could not be found out", failure);
        }
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
    }
}
