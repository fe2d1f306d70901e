// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two processor cores, one for the server and one for the client, so that neither moves and both have the same. Needs
 * Linux, {@code taskset} and two cores.
 */
record Cores(int server, int client) {

    private static final String ALLOWED = "Cpus_allowed_list:";

    /** The first two cores this process may use, or nothing if processes cannot be pinned here. */
    static Optional<Cores> find() {
        if (Programs.find("taskset").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(ALLOWED))
                    .map(line -> parse(line.substring(ALLOWED.length()).trim()))
                    .filter(allowed -> allowed.size() >= 2)
                    .map(allowed -> new Cores(allowed.get(0), allowed.get(1)))
                    .findFirst();
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    /** The command, run on one core. */
    static List<String> pinned(int core, List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        return pinned;
    }

    /** cpuset(7), "List format": {@code 0-2,7}. */
    static List<Integer> parse(String list) {
        List<Integer> cores = new ArrayList<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int core = first; core <= last; core++) {
                cores.add(core);
            }
        }
        return cores;
    }
}
