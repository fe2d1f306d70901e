// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Face;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Calls of all kinds on servers that are restarted and connections that are cut, for {@code -Dsoak.minutes=} (a fraction will
 * do). Whatever happened, at the end everything that was begun has ended: calls on both sides, connections, threads. Buffers
 * are watched by the test kit: one that is lost fails this class.
 *
 * <p>What is drawn by lot is drawn by {@code -Dsoak.seed=}; how threads meet is not, so a seed helps to find a fault again but
 * does not promise it.
 */
class SoakIT {

    private static final int CALLERS = 8;
    private static final int CHANNELS_OF_A_SERVER = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ClientAccounts clients = new ClientAccounts();
    private final ServerAccounts handlers = new ServerAccounts();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<MovingServer> servers = new ArrayList<>();
    private final AtomicReferenceArray<ManagedChannel> channels =
            new AtomicReferenceArray<>(Face.values().length * CHANNELS_OF_A_SERVER);

    private volatile boolean over;
    private int cuts;
    private int replaced;

    @Test
    void everythingThatWasBegunEnds() throws Exception {
        double minutes = Double.parseDouble(System.getProperty("soak.minutes", "1"));
        String given = System.getProperty("soak.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.printf("soak of %.2f minutes with seed %d%n", minutes, seed);

        Set<String> threadsBefore = threads();
        for (Face face : Face.values()) {
            servers.add(new MovingServer(face, handlers));
        }
        for (int channel = 0; channel < channels.length(); channel++) {
            channels.set(channel, open(channel));
        }
        List<Thread> callers = startCallers(seed);
        disturb(new Random(seed), System.nanoTime() + (long) (minutes * 60e9));
        over = true;
        for (Thread caller : callers) {
            caller.join(PATIENCE.toMillis());
            if (caller.isAlive()) {
                throw new AssertionError("a caller hangs: " + List.of(caller.getStackTrace()));
            }
        }

        endEverything();
        report();
        assertThat(violations.stream().limit(20))
                .as("calls that ended as none should")
                .isEmpty();
        assertThat(clients.calls().open())
                .as("calls of clients that did not end")
                .isEmpty();
        assertThat(clients.calls().ended()).isEqualTo(clients.calls().begun());
        assertThat(clients.endedTwice()).as("calls that ended twice").isZero();
        assertThat(handlers.calls().open())
                .as("calls of servers that did not end")
                .isEmpty();
        assertThat(handlers.calls().ended()).isEqualTo(handlers.calls().begun());
        for (MovingServer server : servers) {
            assertThat(server.proxy().connections().open())
                    .as("connections that neither side closed")
                    .isEmpty();
            server.proxy().close();
        }
        assertThat(clients.endings())
                .as("what there must have been of")
                .containsKeys(StatusCode.OK, StatusCode.CANCELLED);
        assertThat(threadsLeft(threadsBefore)).as("threads left over").isEmpty();
    }

    private ManagedChannel open(int channel) {
        return servers.get(channel / CHANNELS_OF_A_SERVER).open(clients);
    }

    private List<Thread> startCallers(long seed) {
        List<Thread> callers = new ArrayList<>();
        for (int number = 0; number < CALLERS; number++) {
            RandomCalls calls = new RandomCalls(seed + number + 1, violations);
            Random choice = new Random(seed - number - 1);
            Thread caller = new Thread(
                    () -> {
                        while (!over) {
                            calls.next(channels.get(choice.nextInt(channels.length())));
                        }
                    },
                    "soak-caller-" + number);
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
        }
        return callers;
    }

    private void disturb(Random random, long end) throws IOException, InterruptedException {
        while (System.nanoTime() < end) {
            Thread.sleep(100 + random.nextInt(900));
            MovingServer server = servers.get(random.nextInt(servers.size()));
            switch (random.nextInt(4)) {
                case 0 -> server.restart(Duration.ofMillis(random.nextInt(300)));
                case 1 -> server.restart(Duration.ZERO);
                case 2 -> {
                    cuts++;
                    server.proxy().cutAll();
                }
                default -> {
                    replaced++;
                    int channel = random.nextInt(channels.length());
                    ManagedChannel old = channels.getAndSet(channel, open(channel));
                    if (random.nextBoolean()) {
                        old.close();
                    } else {
                        old.shutdown();
                    }
                }
            }
        }
    }

    private void endEverything() throws InterruptedException {
        for (int channel = 0; channel < channels.length(); channel++) {
            channels.get(channel).close();
        }
        for (MovingServer server : servers) {
            server.stop(Duration.ofSeconds(10));
        }
        clients.calls().await(PATIENCE);
        handlers.calls().await(PATIENCE);
        for (MovingServer server : servers) {
            server.proxy().connections().await(PATIENCE);
        }
    }

    private void report() {
        int restarts = servers.stream().mapToInt(MovingServer::restarts).sum();
        long connections = servers.stream()
                .mapToLong(server -> server.proxy().connections().begun())
                .sum();
        System.out.printf(
                "calls of clients: %s, as %s%ncalls of servers: %s%n%d connections, %d restarts of servers, %d cuts of all"
                        + " connections, %d channels replaced%n",
                clients.calls(), clients.endings(), handlers.calls(), connections, restarts, cuts, replaced);
    }

    /** The threads of the runtime that were not there before, once they have had time to end. */
    private static Collection<String> threadsLeft(Set<String> before) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Set<String> left = threads();
        left.removeAll(before);
        while (!left.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(100);
            left = threads();
            left.removeAll(before);
        }
        return left;
    }

    /** Those of the runtime and of this soak; the JDK keeps the threads of its common pools as it likes. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("grpc-") || name.startsWith("soak-"))
                .collect(Collectors.toSet());
    }
}
