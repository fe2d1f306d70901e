// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Holds the server while it runs: nothing → listening → draining → nothing, and around again if the context is started
 * again. The container calls it on one thread at a time.
 */
final class ServerRunner implements AutoCloseable {

    private static final Log log = LogFactory.getLog(ServerRunner.class);

    private final ServerFactory factory;
    private final ConfigurableEnvironment environment;
    private volatile @Nullable Server server;

    ServerRunner(ServerFactory factory, ConfigurableEnvironment environment) {
        this.factory = factory;
        this.environment = environment;
    }

    /** Listens from now on, if there is something to serve. */
    void start() {
        Server started = factory.start();
        if (started == null) {
            log.debug("No gRPC server is started: there is no @GrpcService bean");
            return;
        }
        server = started;
        LocalPort.publish(environment, started);
        keepJvmAlive(started);
        log.info("gRPC server listens on " + addresses(started) + " (h2c) with "
                + (started.services().size() == 1
                        ? "1 service"
                        : started.services().size() + " services")
                + ", blocking handlers run by default on "
                + (Runtime.version().feature() >= 21 ? "virtual threads" : "a pool of threads"));
    }

    boolean isRunning() {
        return server != null;
    }

    /** Takes no more calls, lets those under way finish within the grace; returns at once. */
    void drain(Duration grace, Runnable done) {
        stop(grace, done);
    }

    /** Cancels what is still under way; returns at once. */
    void stop(Runnable done) {
        stop(Duration.ZERO, done);
        server = null;
    }

    private void stop(Duration within, Runnable done) {
        Server running = server;
        if (running == null) {
            done.run();
            return;
        }
        running.shutdown(within).whenComplete((nothing, failure) -> done.run());
    }

    /** For a context that fails to start and never stops its lifecycle beans. */
    @Override
    public void close() {
        stop(() -> {});
    }

    /** Netty's threads are daemons; without a web server nothing else would keep the application from ending. */
    private static void keepJvmAlive(Server server) {
        Thread await = new Thread(
                () -> {
                    try {
                        server.awaitTermination();
                    } catch (InterruptedException stopWaiting) {
                        Thread.currentThread().interrupt();
                    }
                },
                "grpc-server-await");
        await.setDaemon(false);
        await.start();
    }

    private static String addresses(Server server) {
        return server.addresses().stream().map(ServerRunner::text).collect(Collectors.joining(", "));
    }

    private static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress network) {
            return network.getAddress().isAnyLocalAddress()
                    ? "port " + network.getPort()
                    : network.getAddress().getHostAddress() + ":" + network.getPort();
        }
        return address.toString();
    }
}
