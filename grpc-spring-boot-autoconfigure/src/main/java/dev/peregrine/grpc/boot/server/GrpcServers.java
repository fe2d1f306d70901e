// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Addresses;
import dev.peregrine.grpc.server.Server;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The gRPC servers of the application, by name: the one of {@code grpc.server.*} is {@link #DEFAULT}, those of
 * {@code grpc.servers.<name>.*} have the names they have there. Inject it to ask where they listen; they start and stop
 * with the context. {@link GrpcServerStartedEvent} and {@link GrpcServerStoppedEvent} tell when.
 *
 * <p>For any thread.
 */
public final class GrpcServers {

    /** The name of the server of {@code grpc.server.*}. */
    public static final String DEFAULT = "default";

    /** Every server, in {@link GrpcService#servers()}. */
    public static final String ALL = "*";

    private final Set<String> names;
    private volatile Map<String, RunningServer> running = Map.of();

    /**
     * @param names of all that may run, in their order
     */
    GrpcServers(Set<String> names) {
        this.names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /** Those that are configured and switched on, the default one first, whether they have something to serve or not. */
    public Set<String> names() {
        return names;
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
        List<SocketAddress> addresses = addresses(name);
        return Addresses.port(addresses)
                .orElseThrow(() -> new IllegalStateException(
                        "the gRPC server '" + name + "' listens on no network address, only on " + addresses));
    }

    private RunningServer require(String name) {
        RunningServer server = running.get(name);
        if (server == null) {
            throw new IllegalStateException(
                    "the gRPC server '" + name + "' does not run (running: " + running.keySet() + ")");
        }
        return server;
    }

    /** Whether there are servers that were started and not stopped since. */
    boolean isRunning() {
        return !running.isEmpty();
    }

    /** Those that were started and not stopped since. */
    Collection<RunningServer> started() {
        return running.values();
    }

    /** Other servers run from now on; none, if it is empty. */
    void set(Map<String, RunningServer> servers) {
        running = servers;
    }

    /** How a text goes on behind "server": with the name in quotes, or nothing for the default one. */
    static String quoted(String name) {
        return name.equals(DEFAULT) ? "" : " '" + name + "'";
    }
}
