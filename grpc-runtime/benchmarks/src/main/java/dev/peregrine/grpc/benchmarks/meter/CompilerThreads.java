// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.meter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Processor time of the JVM's own compiler threads, which Java's thread beans do not show. Linux only: elsewhere it is
 * zero, and compilation counts as work.
 */
final class CompilerThreads {

    private static final Path TASKS = Path.of("/proc/self/task");

    /** {@code sysconf(_SC_CLK_TCK)} is 100 on every Linux that HotSpot runs on. */
    static final long NANOS_PER_TICK = 10_000_000;

    private CompilerThreads() {}

    static long cpuNanos() {
        if (!Files.isDirectory(TASKS)) {
            return 0;
        }
        long ticks = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                ticks += read(task.resolve("stat"))
                        .filter(CompilerThreads::isCompiler)
                        .map(CompilerThreads::ticks)
                        .orElse(0L);
            }
        } catch (IOException unreadable) {
            return 0;
        }
        return ticks * NANOS_PER_TICK;
    }

    /** A thread may end between the listing and the reading: then there is nothing. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** The kernel keeps 15 characters of "C2 CompilerThread0". */
    static boolean isCompiler(String stat) {
        return stat.contains("(C1 CompilerThre)") || stat.contains("(C2 CompilerThre)");
    }

    /** proc(5): {@code pid (comm) state ppid ...}, utime is field 14 and stime field 15; comm may hold spaces. */
    static long ticks(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]);
    }
}
