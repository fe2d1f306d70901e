// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Drains the servers before they end. The container waits for it no longer than
 * {@code spring.lifecycle.timeout-per-shutdown-phase}; what is still under way then is cancelled by {@link ServerStartStop}.
 */
final class ServerDrain implements SmartLifecycle {

    /** As Spring Boot's graceful shutdown of web servers: after message listeners have stopped, before the server ends. */
    static final int PHASE = DEFAULT_PHASE - 1024;

    private static final Log log = LogFactory.getLog(ServerDrain.class);

    private final GrpcServers servers;
    private final Duration grace;
    private final @Nullable Duration phaseTimeout;
    private volatile boolean running;

    /**
     * @param grace how long calls under way may go on
     * @param phaseTimeout how long the container waits for us; null if nobody knows
     */
    ServerDrain(GrpcServers servers, Duration grace, @Nullable Duration phaseTimeout) {
        this.servers = servers;
        this.grace = grace;
        this.phaseTimeout = phaseTimeout;
    }

    @Override
    public void start() {
        running = true;
        if (phaseTimeout != null && grace.compareTo(phaseTimeout) > 0 && servers.isRunning()) {
            log.warn("grpc.server.shutdown.grace-period is " + grace + ", but the container waits only " + phaseTimeout
                    + ": calls that need longer will be cancelled then. Set spring.lifecycle.timeout-per-shutdown-phase"
                    + " to at least " + grace + ", or shorten the grace period.");
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        servers.drain(grace, callback);
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
