// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.TestCertificates;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that is restarted while clients call it; they know the address of its proxy. */
final class MovingServer {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Face face;
    private final Lane lane;
    private final RotatingCertificates certificates;
    private final ServerAccounts accounts;
    private final CuttingProxy proxy = new CuttingProxy();
    private Server server;
    private int restarts;

    /**
     * @param certificates null if the lane has none
     */
    MovingServer(Face face, Lane lane, RotatingCertificates certificates, ServerAccounts accounts) throws IOException {
        this.face = face;
        this.lane = lane;
        this.certificates = certificates;
        this.accounts = accounts;
        start();
    }

    CuttingProxy proxy() {
        return proxy;
    }

    int restarts() {
        return restarts;
    }

    ManagedChannel open(ClientAccounts clients) {
        ManagedChannel.Builder channel = ManagedChannel.builder("127.0.0.1:" + proxy.port())
                .initialBackoff(Duration.ofMillis(20))
                .interceptor(clients);
        if (certificates != null) {
            channel.tls(certificates.ofClients()).authority(TestCertificates.SERVER_NAME);
        }
        return channel.build();
    }

    /**
     * Stops the server, and starts another.
     *
     * @param grace for the calls under way; zero for none
     */
    void restart(Duration grace) throws IOException, InterruptedException {
        restarts++;
        stop(grace);
        start();
    }

    void stop(Duration grace) throws InterruptedException {
        try {
            server.shutdown(grace).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException failure) {
            throw new AssertionError(
                    "the " + face + " server (" + lane + ") did not stop within " + PATIENCE.toSeconds()
                            + " seconds, with a grace of " + grace,
                    failure);
        }
    }

    private void start() throws IOException {
        server = InteropServer.startWith(0, face, certificates == null ? null : certificates.ofServers(), accounts);
        proxy.leadTo(server.port());
    }

    @Override
    public String toString() {
        return face + ", " + lane;
    }
}
