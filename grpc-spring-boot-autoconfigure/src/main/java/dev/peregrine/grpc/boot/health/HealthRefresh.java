// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Asks the contributors, now and then and when there is a reason, one time after the other on a thread of its own. For any
 * thread.
 */
final class HealthRefresh implements DisposableBean {

    private static final Log log = LogFactory.getLog(HealthRefresh.class);

    private final Contributors contributors;
    private final HealthReporter reporter;
    private final Duration interval;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "grpc-health");
        made.setDaemon(true);
        return made;
    });
    private boolean polling;

    /**
     * @param interval how often they are asked without a reason; zero for never
     */
    HealthRefresh(Contributors contributors, HealthReporter reporter, Duration interval) {
        this.contributors = contributors;
        this.reporter = reporter;
        this.interval = interval;
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
        try {
            reporter.contributors(contributors.ask());
        } catch (RuntimeException | LinkageError failure) { // Or the executor would never do it again.
            log.error("The health of the application could not be found out", failure);
        }
    }

    @Override
    public void destroy() {
        thread.shutdownNow();
    }
}
