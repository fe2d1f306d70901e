// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import org.springframework.context.SmartLifecycle;

/**
 * Drains the server before it ends. The container waits for it no longer than
 * {@code spring.lifecycle.timeout-per-shutdown-phase}; what is still under way then is cancelled by {@link ServerStartStop}.
 */
final class ServerDrain implements SmartLifecycle {

    /** As Spring Boot's graceful shutdown of web servers: after message listeners have stopped, before the server ends. */
    static final int PHASE = DEFAULT_PHASE - 1024;

    private final ServerRunner runner;
    private volatile boolean running;

    ServerDrain(ServerRunner runner) {
        this.runner = runner;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        runner.drain(callback);
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
