// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Our client and our server over a real socket: whatever callers and handlers do, each call ends exactly once, on both
 * sides, and with a status that what they did can lead to. Threads race here, so a seed gives the same calls but not the
 * same run.
 */
class CallsFuzzTest {

    private static final int CALLS = 1200;

    /** Calls that are under way together. */
    private static final int ROUND = 24;

    private static final int PATIENCE_SECONDS = 20;

    /** Narrow, so that readers hold writers back. */
    private static final Limits LIMITS =
            Limits.DEFAULT.withWindows(5000, 65_535).withWriteBufferHighWater(3000);

    private final Tally tally = new Tally();
    private final ExecutorService callers = Executors.newFixedThreadPool(3);
    private final ExecutorService listeners = Executors.newFixedThreadPool(2);
    private final PlannedServices services = new PlannedServices();

    @Test
    void everyCallEndsOnceWithALawfulStatus() throws Exception {
        try (QuietLog log = new QuietLog(PlannedServices.complaints())) {
            try (Server server = Server.builder()
                            .address(new InetSocketAddress("127.0.0.1", 0))
                            .limits(LIMITS)
                            .service(services.prompt())
                            .service(services.patient())
                            .start();
                    ManagedChannel channel = channel(server)) {
                int rounds = Fuzz.repeat(CALLS, ROUND, chance -> {
                    if (chance.oneIn(10)) {
                        ManagedChannel doomed = channel(server);
                        round(chance, doomed, doomed);
                    } else {
                        round(chance, channel, null);
                    }
                    log.requireSilence();
                });
                expectEverything(rounds * ROUND);
            }
            services.requireAllOver();
            log.requireSilence();
        } finally {
            callers.shutdownNow();
            listeners.shutdownNow();
        }
    }

    private static ManagedChannel channel(Server server) {
        return ManagedChannel.builder("127.0.0.1:" + server.port())
                .limits(LIMITS)
                .build();
    }

    /**
     * @param doomed a channel to be shut down in the midst of it
     */
    private void round(Chance chance, Channel channel, ManagedChannel doomed) {
        List<PlannedCall> calls = new ArrayList<>();
        List<CompletableFuture<Void>> performances = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            PlannedCall call = new PlannedCall(new Chance(chance.bits()), doomed != null);
            calls.add(call);
            performances.add(CompletableFuture.runAsync(() -> call.perform(channel, listeners), callers));
        }
        if (doomed != null) {
            await(performances.get(chance.below(ROUND)), calls.get(0));
            doomed.shutdownNow();
        }
        for (int i = 0; i < ROUND; i++) {
            PlannedCall call = calls.get(i);
            await(performances.get(i), call);
            await(call.ended(), call);
            tally.count("ended with " + call.status().code());
        }
        if (doomed != null) {
            doomed.close();
        }
    }

    private static void await(CompletableFuture<Void> done, PlannedCall call) {
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException never) {
            throw new AssertionError("never ended: " + call, never);
        } catch (Exception failure) {
            throw new AssertionError("failed: " + call, failure);
        }
    }

    private void expectEverything(int calls) {
        tally.expect("ended with OK", calls, 3)
                .expect("ended with UNKNOWN", calls, 30)
                .expect("ended with CANCELLED", calls, 20)
                .expect("ended with DEADLINE_EXCEEDED", calls, 50)
                .expect("ended with UNAVAILABLE", calls, 200)
                .expect("ended with NOT_FOUND", calls, 1000);
    }
}
