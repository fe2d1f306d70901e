// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Drains the servers before they end, all at the same time and without keeping other beans from stopping: first nothing, for
 * what is left of the delay of {@link Leaving}; then GOAWAY, and the grace for calls under way. The container waits for it
 * no longer than {@code spring.lifecycle.timeout-per-shutdown-phase}; what is still under way then is cancelled by {@link
 * ServerStartStop}.
 */
final class ServerDrain implements SmartLifecycle {

    /** As Spring Boot's graceful shutdown of web servers: after message listeners have stopped, before the server ends. */
    static final int PHASE = DEFAULT_PHASE - 1024;

    private static final Log log = LogFactory.getLog(ServerDrain.class);

    private final ServerStartStop servers;
    private final Leaving leaving;
    private final ShutdownProperties properties;
    private final @Nullable Duration phaseTimeout;
    private volatile boolean running;

    /**
     * @param phaseTimeout how long the container waits for us; null if nobody knows
     */
    ServerDrain(
            ServerStartStop servers, Leaving leaving, ShutdownProperties properties, @Nullable Duration phaseTimeout) {
        this.servers = servers;
        this.leaving = leaving;
        this.properties = properties;
        this.phaseTimeout = phaseTimeout;
    }

    @Override
    public void start() {
        running = true;
        leaving.stay();
        warnIfCutShort();
    }

    /** A delay that nobody asked for is taken from the grace without a word. */
    private void warnIfCutShort() {
        Duration grace = properties.gracePeriod();
        Duration delay = properties.preDrainDelay() == null ? Duration.ZERO : properties.preDrainDelay();
        Duration needed = grace.plus(delay);
        if (phaseTimeout == null || needed.compareTo(phaseTimeout) <= 0 || !servers.isRunning()) {
            return;
        }
        log.warn("grpc.server.shutdown.grace-period is " + grace
                + (delay.isZero() ? "" : " after a pre-drain-delay of " + delay) + ", but the container waits only "
                + phaseTimeout
                + ": calls that need longer will be cancelled then. Set spring.lifecycle.timeout-per-shutdown-phase"
                + " to at least " + needed + ", or shorten the grace period.");
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        leaving.leave();
        Duration delay = leaving.remainingDelay();
        if (delay.isZero()) {
            servers.drain(properties.gracePeriod(), callback);
            return;
        }
        log.info("gRPC servers go on for " + delay.toMillis() + " ms, while load balancers turn to others");
        after(delay, () -> servers.drain(properties.gracePeriod(), callback));
    }

    /** On a thread of its own: those of the common pool may all be waiting for this very shutdown. */
    private static void after(Duration delay, Runnable task) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "grpc-server-drain");
            thread.setDaemon(true);
            return thread;
        });
        timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        timer.shutdown(); // What was scheduled is done yet.
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
