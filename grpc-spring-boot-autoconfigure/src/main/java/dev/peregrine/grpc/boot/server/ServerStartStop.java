// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Starts the servers with the context and, after they had their time to drain, ends them. Says so: to {@link GrpcServers},
 * the environment, the log and listeners. The container starts and stops on one thread.
 */
final class ServerStartStop implements SmartLifecycle, DisposableBean {

    /**
     * As Spring Boot's web servers: started before, and ended after, everything that has no phase of its own and may use
     * the servers. Boot's constant lives in a module that applications without a web server do not have.
     */
    static final int PHASE = DEFAULT_PHASE - 2048;

    private static final Log log = LogFactory.getLog(GrpcServers.class);

    /** Servers that end at once have nothing to wait for but their event loops. */
    private static final Duration END = Duration.ofSeconds(10);

    private final GrpcServers servers;
    private final ServerPlans plans;
    private final ServerFactory factory;
    private final ConfigurableEnvironment environment;
    private final ApplicationEventPublisher events;
    private volatile boolean destroyed;

    ServerStartStop(
            GrpcServers servers,
            ServerPlans plans,
            ServerFactory factory,
            ConfigurableEnvironment environment,
            ApplicationEventPublisher events) {
        this.servers = servers;
        this.plans = plans;
        this.factory = factory;
        this.environment = environment;
        this.events = events;
    }

    /** Listens from now on, where there is something to serve: with all servers, or with none. */
    @Override
    public void start() {
        Map<String, RunningServer> started = startAll(plans.make());
        servers.set(started);
        LocalPorts.publish(environment, started.values());
        started.values().forEach(server -> StartupLine.log(environment, server));
        for (RunningServer server : started.values()) {
            server.announced();
            events.publishEvent(new GrpcServerStartedEvent(servers, server.name(), server.addresses()));
        }
    }

    private Map<String, RunningServer> startAll(List<ServerPlan> planned) {
        Map<String, RunningServer> started = new LinkedHashMap<>();
        try {
            for (ServerPlan plan : planned) {
                started.put(plan.name(), RunningServer.of(plan, factory.start(plan), this::ended));
            }
            factory.requireComplete();
            return started;
        } catch (RuntimeException | Error failure) {
            planned.stream()
                    .filter(plan -> !started.containsKey(plan.name()))
                    .forEach(plan -> plan.threads().release().run());
            awaitEnd(started.values());
            throw failure;
        }
    }

    /** So that whoever tries again does not meet our own ports. */
    private static void awaitEnd(Collection<RunningServer> started) {
        shutdown(started, Duration.ZERO)
                .completeOnTimeout(null, END.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /**
     * Takes no more calls, lets those under way finish within the grace, on all servers at once; returns at once.
     *
     * @param done is told when nothing is left
     */
    void drain(Duration grace, Runnable done) {
        shutdown(servers.started(), grace).whenComplete((nothing, failure) -> done.run());
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Cancels what is still under way; returns at once. */
    @Override
    public void stop(Runnable callback) {
        drain(Duration.ZERO, callback);
        servers.set(Map.of());
    }

    private static CompletableFuture<Void> shutdown(Collection<RunningServer> running, Duration grace) {
        return CompletableFuture.allOf(
                running.stream().map(server -> server.shutdown(grace)).toArray(CompletableFuture<?>[]::new));
    }

    /** For a context that fails to start and never stops its lifecycle beans. */
    @Override
    public void destroy() {
        destroyed = true;
        stop();
    }

    private void ended(RunningServer server) {
        if (destroyed || !server.isAnnounced()) {
            return; // nobody to tell: the beans are being destroyed, or never heard of it
        }
        try {
            events.publishEvent(new GrpcServerStoppedEvent(servers, server.name(), server.addresses()));
        } catch (RuntimeException failure) {
            log.error("A listener of " + GrpcServerStoppedEvent.class.getSimpleName() + " failed", failure);
        }
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
