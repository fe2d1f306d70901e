// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The gRPC servers of the application, by name: the one of {@code grpc.server.*} is {@link #DEFAULT}, those of
 * {@code grpc.servers.<name>.*} have the names they have there. Inject it to ask where they listen; they start and stop
 * with the context. {@link GrpcServerStartedEvent} and {@link GrpcServerStoppedEvent} tell when.
 *
 * <p>For any thread.
 */
public final class GrpcServers implements AutoCloseable {

    /** The name of the server of {@code grpc.server.*}. */
    public static final String DEFAULT = "default";

    /** Every server, in {@link GrpcService#server()}. */
    public static final String ALL = "*";

    private static final Log log = LogFactory.getLog(GrpcServers.class);

    private final ServerPlans plans;
    private final ServerFactory factory;
    private final ConfigurableEnvironment environment;
    private final ApplicationEventPublisher events;
    private volatile Map<String, RunningServer> running = Map.of();
    private volatile boolean closed;

    GrpcServers(
            ServerPlans plans,
            ServerFactory factory,
            ConfigurableEnvironment environment,
            ApplicationEventPublisher events) {
        this.plans = plans;
        this.factory = factory;
        this.environment = environment;
        this.events = events;
    }

    /** Those that are configured and switched on, the default one first, whether they have something to serve or not. */
    public Set<String> names() {
        return plans.names();
    }

    /** Whether a server of this name listens, or finishes its last calls. */
    public boolean isRunning(String name) {
        RunningServer server = running.get(name);
        return server != null && !server.hasEnded();
    }

    /** The servers that listen or finish their last calls, by name. */
    public Map<String, Server> running() {
        Map<String, Server> servers = new LinkedHashMap<>();
        running.forEach((name, server) -> {
            if (!server.hasEnded()) {
                servers.put(name, server.server());
            }
        });
        return servers;
    }

    /**
     * The server of this name.
     *
     * @throws IllegalStateException if it does not run
     */
    public Server server(String name) {
        return require(name).server();
    }

    /**
     * Where the server of this name listens, with the ports that it got.
     *
     * @throws IllegalStateException if it does not run
     */
    public List<SocketAddress> addresses(String name) {
        return require(name).addresses();
    }

    /**
     * The port of the first network address of the server of this name.
     *
     * @throws IllegalStateException if it does not run, or listens on no network address
     */
    public int port(String name) {
        for (SocketAddress address : addresses(name)) {
            if (address instanceof InetSocketAddress network) {
                return network.getPort();
            }
        }
        throw new IllegalStateException(
                "the gRPC server '" + name + "' listens on no network address, only on " + addresses(name));
    }

    private RunningServer require(String name) {
        RunningServer server = running.get(name);
        if (server == null) {
            throw new IllegalStateException(
                    "the gRPC server '" + name + "' does not run (running: " + running.keySet() + ")");
        }
        return server;
    }

    /** Listens from now on, where there is something to serve. The container calls this and the next on one thread. */
    void start() {
        Map<String, RunningServer> started = new LinkedHashMap<>();
        try {
            for (ServerPlan plan : plans.make()) {
                started.put(plan.name(), RunningServer.of(plan, factory.start(plan), this::ended));
            }
        } catch (RuntimeException | Error failure) {
            started.values().forEach(server -> server.shutdown(Duration.ZERO));
            throw failure;
        }
        running = started;
        LocalPorts.publish(environment, started.values());
        started.values().forEach(server -> StartupLine.log(environment, server));
        for (RunningServer server : started.values()) {
            server.announced();
            events.publishEvent(new GrpcServerStartedEvent(this, server.name(), server.addresses()));
        }
    }

    /** Whether {@link #start} was called, found something to serve, and {@link #stop} was not called since. */
    boolean isRunning() {
        return !running.isEmpty();
    }

    /** Takes no more calls, lets those under way finish within the grace, on all servers at once; returns at once. */
    void drain(Duration grace, Runnable done) {
        shutdown(grace, done);
    }

    /** Cancels what is still under way; returns at once. */
    void stop(Runnable done) {
        shutdown(Duration.ZERO, done);
        running = Map.of();
    }

    private void shutdown(Duration grace, Runnable done) {
        CompletableFuture<?>[] ends =
                running.values().stream().map(server -> server.shutdown(grace)).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).whenComplete((nothing, failure) -> done.run());
    }

    /** For a context that fails to start and never stops its lifecycle beans. */
    @Override
    public void close() {
        closed = true;
        stop(() -> {});
    }

    private void ended(RunningServer server) {
        if (closed || !server.isAnnounced()) {
            return; // nobody to tell: the beans are being destroyed, or never heard of it
        }
        try {
            events.publishEvent(new GrpcServerStoppedEvent(this, server.name(), server.addresses()));
        } catch (RuntimeException failure) {
            log.error("A listener of " + GrpcServerStoppedEvent.class.getSimpleName() + " failed", failure);
        }
    }

    /** How a text goes on behind "server": with the name in quotes, or nothing for the default one. */
    static String quoted(String name) {
        return name.equals(DEFAULT) ? "" : " '" + name + "'";
    }
}
