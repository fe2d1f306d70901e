// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import org.springframework.context.SmartLifecycle;

/** Starts the server with the context and, after it had its time to drain, ends it. */
final class ServerStartStop implements SmartLifecycle {

    /**
     * As Spring Boot's web servers: started before, and ended after, everything that has no phase of its own and may use
     * the server. Boot's constant lives in a module that applications without a web server do not have.
     */
    static final int PHASE = DEFAULT_PHASE - 2048;

    private final ServerRunner runner;

    ServerStartStop(ServerRunner runner) {
        this.runner = runner;
    }

    @Override
    public void start() {
        runner.start();
    }

    @Override
    public void stop() {
        runner.stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        runner.stop(callback);
    }

    @Override
    public boolean isRunning() {
        return runner.isRunning();
    }

    /** A pause would give the server another port than tests were told. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
