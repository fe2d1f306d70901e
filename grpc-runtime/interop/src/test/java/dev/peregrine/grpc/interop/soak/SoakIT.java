// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.TestService;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Calls of all kinds on servers that are restarted and connections that are cut, for {@code -Dsoak.minutes=} (a fraction will
 * do), in plaintext and over TLS whose
 * certificates are replaced meanwhile ({@code -Dsoak.transports=plain,tls}, or one of them). Whatever happened, at the end everything that was begun has ended: calls on both sides, connections, threads, and no memory of
 * Netty's pool is in use. Buffers are watched by the test kit: one that is lost fails this class.
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
    private final List<RotatingCertificates> certificates = new ArrayList<>();
    private final List<MovingServer> servers = new ArrayList<>();
    private AtomicReferenceArray<ManagedChannel> channels = new AtomicReferenceArray<>(0);

    private volatile boolean over;
    private int cuts;
    private int replaced;

    @Test
    void everythingThatWasBegunEnds() throws Exception {
        double minutes = Double.parseDouble(System.getProperty("soak.minutes", "1"));
        String given = System.getProperty("soak.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        List<Lane> lanes = Lane.parse(System.getProperty("soak.transports", "plain,tls"));
        System.out.printf(Locale.ROOT, "soak of %.2f minutes with seed %d, over %s%n", minutes, seed, lanes);

        Set<String> threadsBefore = threads();
        for (Lane lane : lanes) {
            RotatingCertificates ofLane = lane.certificates();
            if (ofLane != null) {
                certificates.add(ofLane);
            }
            for (Face face : Face.values()) {
                servers.add(new MovingServer(face, lane, ofLane, handlers));
            }
        }
        channels = new AtomicReferenceArray<>(servers.size() * CHANNELS_OF_A_SERVER);
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

        expectAnAnswerOnEveryChannel();
        endEverything();
        long memoryInUse = memoryInUse();
        System.out.print(table(memoryInUse));
        assertThat(memoryInUse).as("bytes of Netty's pool still in use").isZero();
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

    private void disturb(Random random, long end) throws Exception {
        long begin = System.nanoTime();
        int minutesTold = 0;
        while (System.nanoTime() < end) {
            long minutesGone = TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - begin);
            if (minutesGone > minutesTold) {
                minutesTold = (int) minutesGone;
                System.out.println(progress(minutesTold));
            }
            Thread.sleep(100 + random.nextInt(900));
            MovingServer server = servers.get(random.nextInt(servers.size()));
            switch (random.nextInt(certificates.isEmpty() ? 4 : 5)) {
                case 0 -> server.restart(Duration.ofMillis(random.nextInt(300)));
                case 1 -> server.restart(Duration.ZERO);
                case 4 -> certificates.get(random.nextInt(certificates.size())).rotate();
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

    /** Every server still serves, and who follows the certificates is trusted. */
    private void expectAnAnswerOnEveryChannel() {
        for (int channel = 0; channel < channels.length(); channel++) {
            TestService.Client.create(channels.get(channel))
                    .withWaitForReady()
                    .withDeadlineAfter(PATIENCE)
                    .emptyCall(Empty.getDefaultInstance());
        }
    }

    private long memoryInUse() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long inUse = pinned();
        while (inUse != 0 && System.nanoTime() < end) {
            Thread.sleep(100);
            inUse = pinned();
        }
        return inUse;
    }

    private static long pinned() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory();
    }

    private String progress(int minutes) {
        return "soak, minute " + minutes + ": clients' calls " + clients.calls() + "; servers' calls "
                + handlers.calls()
                + "; " + connections() + " connections, " + restarts() + " restarts, " + cuts + " cuts, " + rotations()
                + " certificates replaced; " + threads().size() + " threads, " + (pinned() >> 10) + " KiB of buffers; "
                + violations.size() + " violations";
    }

    private String table(long memoryInUse) {
        StringBuilder rows = new StringBuilder("| what | begun | ended |\n|---|---:|---:|\n");
        row(rows, "calls of clients", clients.calls().begun(), clients.calls().ended());
        row(rows, "calls of servers", handlers.calls().begun(), handlers.calls().ended());
        for (MovingServer server : servers) {
            Ledger connections = server.proxy().connections();
            row(rows, "connections, " + server, connections.begun(), connections.ended());
        }
        rows.append("\n| what happened | times |\n|---|---:|\n");
        clients.endings().forEach((code, times) -> row(rows, "calls that ended with " + code, times));
        row(rows, "servers restarted", restarts());
        row(rows, "connections of a server cut", cuts);
        row(rows, "channels replaced", replaced);
        row(rows, "certificates and authorities replaced", rotations());
        row(rows, "violations", violations.size());
        row(rows, "bytes of buffers still in use", memoryInUse);
        return rows.toString();
    }

    private static void row(StringBuilder rows, Object... cells) {
        for (Object cell : cells) {
            rows.append("| ").append(cell).append(' ');
        }
        rows.append("|\n");
    }

    private int restarts() {
        return servers.stream().mapToInt(MovingServer::restarts).sum();
    }

    private int rotations() {
        return certificates.stream().mapToInt(RotatingCertificates::rotations).sum();
    }

    private long connections() {
        return servers.stream()
                .mapToLong(server -> server.proxy().connections().begun())
                .sum();
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
