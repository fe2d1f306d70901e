// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import org.springframework.context.SmartLifecycle;

/** Starts the servers with the context and, after they had their time to drain, ends them. */
final class ServerStartStop implements SmartLifecycle {

    /**
     * As Spring Boot's web servers: started before, and ended after, everything that has no phase of its own and may use
     * the servers. Boot's constant lives in a module that applications without a web server do not have.
     */
    static final int PHASE = DEFAULT_PHASE - 2048;

    private final GrpcServers servers;

    ServerStartStop(GrpcServers servers) {
        this.servers = servers;
    }

    @Override
    public void start() {
        servers.start();
    }

    @Override
    public void stop() {
        servers.stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        servers.stop(callback);
    }

    @Override
    public boolean isRunning() {
        return servers.isRunning();
    }

    /** A pause would give servers other ports than tests were told. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
