// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.contender.Security;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures what memory a server holds for each idle connection and for each open call:
 * {@code --connections=10000 --streams=1000 --rounds=3}. Servers take turns, each in a JVM of its own; connections and
 * calls come from this one, frame by frame, and are the same for all.
 */
public final class ConnectionMemory {

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)");

    /** Sockets are not the only files. */
    private static final int OTHER_FILES = 200;

    private static final int WARM_UP = 100;

    private static final List<Lineup> SERVERS = List.of(
            Lineup.PEREGRINE_EVENT_LOOP, Lineup.GRPC_JAVA_DIRECT, Lineup.PEREGRINE_BLOCKING, Lineup.GRPC_JAVA_DEFAULT);

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Jvms jvms = new Jvms(java, Optional.empty(), Security.NONE);
    private final Map<Lineup, List<Growth>> ofConnections = new EnumMap<>(Lineup.class);
    private final Map<Lineup, List<Growth>> ofStreams = new EnumMap<>(Lineup.class);
    private int connections = 10_000;
    private int streams = 1_000;
    private int rounds = 3;

    /** Bytes for each connection or call. */
    private record Growth(double heap, double resident) {

        static Growth between(ProcessMemory before, ProcessMemory after, int count) {
            return new Growth(
                    (double) (after.heap() - before.heap()) / count,
                    (double) (after.resident() - before.resident()) / count);
        }
    }

    /** Does to the server whatever is measured. */
    private interface Crowding {
        void crowd(Crowd crowd) throws IOException;
    }

    ConnectionMemory(String[] arguments) throws IOException {
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, argument.length() - value.length())) {
                case "--connections=" -> connections = Integer.parseInt(value);
                case "--streams=" -> streams = Integer.parseInt(value);
                case "--rounds=" -> rounds = Integer.parseInt(value);
                default ->
                    throw new IllegalArgumentException(
                            "argument: " + argument + " (expected: --connections=n, --streams=n or --rounds=n)");
            }
        }
        requireFiles(connections + OTHER_FILES);
    }

    public static void main(String[] arguments) throws Exception {
        ConnectionMemory run = new ConnectionMemory(arguments);
        run.run();
        System.out.println(run.table());
    }

    void run() throws IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            for (Lineup server : SERVERS) {
                Growth connection = measure(server, crowd -> {}, crowd -> crowd.connect(connections), connections);
                ofConnections
                        .computeIfAbsent(server, first -> new ArrayList<>())
                        .add(connection);
                Growth stream = measure(
                        server,
                        crowd -> crowd.connectForStreams(streams),
                        crowd -> crowd.openStreams(streams),
                        streams);
                ofStreams.computeIfAbsent(server, first -> new ArrayList<>()).add(stream);
                System.err.println("round " + round + ", " + server.id() + ": a connection takes " + connection
                        + ", a call " + stream);
            }
        }
    }

    private Growth measure(Lineup contender, Crowding before, Crowding measured, int count)
            throws IOException, InterruptedException {
        try (Child server = jvms.server(contender, Scenario.PING_PONG.workload)) {
            int port = Integer.parseInt(server.greeting());
            try (Crowd first = new Crowd(port)) {
                first.connectForStreams(WARM_UP);
                first.openStreams(WARM_UP);
            }
            try (Crowd crowd = new Crowd(port)) {
                before.crowd(crowd);
                ProcessMemory without = ProcessMemory.afterCollection(java, server.pid());
                measured.crowd(crowd);
                return Growth.between(without, ProcessMemory.afterCollection(java, server.pid()), count);
            }
        }
    }

    String table() {
        StringBuilder table = new StringBuilder("| server | heap, B/connection | RSS, B/connection | heap, B/call"
                + " | RSS, B/call |\n|---|---:|---:|---:|---:|");
        for (Lineup server : SERVERS) {
            table.append("\n| ")
                    .append(server.server)
                    .append(" | ")
                    .append(cells(ofConnections.getOrDefault(server, List.of())));
            table.append(" | ")
                    .append(cells(ofStreams.getOrDefault(server, List.of())))
                    .append(" |");
        }
        return table.toString();
    }

    private static String cells(List<Growth> growths) {
        return Spread.of(growths.stream().mapToDouble(Growth::heap).toArray()).text() + " | "
                + Spread.of(growths.stream().mapToDouble(Growth::resident).toArray())
                        .text();
    }

    /** Each side has a file for each connection. */
    private static void requireFiles(int needed) throws IOException {
        Path limits = Path.of("/proc/self/limits");
        Matcher limit = OPEN_FILES.matcher(Files.exists(limits) ? Files.readString(limits) : "");
        if (limit.find() && Integer.parseInt(limit.group(1)) < needed) {
            throw new IllegalArgumentException("connections: a process may have " + limit.group(1) + " open files, and "
                    + needed + " are needed; raise it with ulimit -n, or ask for fewer with --connections=");
        }
    }
}
