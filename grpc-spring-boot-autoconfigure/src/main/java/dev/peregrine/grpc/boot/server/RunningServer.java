// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A server of the application while it runs, and the thread that waits for its end: Netty's threads are daemons, and without
 * a web server nothing else would keep the application from ending.
 */
final class RunningServer {

    private final ServerPlan plan;
    private final Server server;
    private final List<SocketAddress> addresses;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile boolean announced;

    private RunningServer(ServerPlan plan, Server server) {
        this.plan = plan;
        this.server = server;
        this.addresses = server.addresses();
    }

    /**
     * Keeps the process alive until the server has ended.
     *
     * @param server what became of the plan; listens already
     * @param afterwards is told of the end, on the waiting thread, before anybody else
     */
    static RunningServer of(ServerPlan plan, Server server, Consumer<RunningServer> afterwards) {
        RunningServer running = new RunningServer(plan, server);
        running.keepAlive(afterwards);
        return running;
    }

    private void keepAlive(Consumer<RunningServer> afterwards) {
        Thread await = new Thread(() -> await(afterwards), "grpc-server-await");
        await.setDaemon(false);
        await.start();
    }

    private void await(Consumer<RunningServer> afterwards) {
        try {
            server.awaitTermination();
            plan.threads().release().run();
            afterwards.accept(this);
        } catch (InterruptedException stopWaiting) {
            Thread.currentThread().interrupt();
        } finally {
            ended.complete(null);
        }
    }

    String name() {
        return plan.name();
    }

    ServerPlan plan() {
        return plan;
    }

    /** Whether others were told that it listens, and will want to hear of its end. */
    boolean isAnnounced() {
        return announced;
    }

    void announced() {
        announced = true;
    }

    Server server() {
        return server;
    }

    /** Where it listens, or has. */
    List<SocketAddress> addresses() {
        return addresses;
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** As {@link Server#shutdown}; done after the end was told. */
    CompletableFuture<Void> shutdown(Duration grace) {
        server.shutdown(grace);
        return ended;
    }
}
