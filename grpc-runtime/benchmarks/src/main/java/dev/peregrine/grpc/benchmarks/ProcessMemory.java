// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds when it has collected its garbage. Linux only.
 *
 * @param resident bytes of memory that the system has given it, VmRSS of proc(5)
 * @param heap bytes of the Java heap in use
 */
record ProcessMemory(long resident, long heap) {

    private static final long MINUTES_AT_MOST = 2;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** A line of {@code GC.heap_info} for each generation of the serial collector. */
    private static final Pattern GENERATION = Pattern.compile("total \\d+K, used (\\d+)K");

    /**
     * Collects and looks.
     *
     * @param java the {@code java} the process runs on; {@code jcmd} lies beside it
     */
    static ProcessMemory afterCollection(Path java, long process) throws IOException, InterruptedException {
        jcmd(java, process, "GC.run");
        long heap = heap(jcmd(java, process, "GC.heap_info"));
        return new ProcessMemory(resident(process), heap);
    }

    static long resident(long process) throws IOException {
        Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc/" + process + "/status")));
        if (!line.find()) {
            throw new IOException("no VmRSS in /proc/" + process + "/status: the process has ended");
        }
        return Long.parseLong(line.group(1)) * 1024;
    }

    static long heap(String heapInfo) {
        Matcher generation = GENERATION.matcher(heapInfo);
        long used = 0;
        while (generation.find()) {
            used += Long.parseLong(generation.group(1)) * 1024;
        }
        if (used == 0) {
            throw new IllegalArgumentException("heap: no generation of the serial collector in \"" + heapInfo + "\"");
        }
        return used;
    }

    private static String jcmd(Path java, long process, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(java.resolveSibling("jcmd").toString(), Long.toString(process)));
        line.addAll(Arrays.asList(command));
        Process jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES) || jcmd.exitValue() != 0) {
            jcmd.destroyForcibly();
            throw new IOException(line + " said: " + said);
        }
        return said;
    }
}
