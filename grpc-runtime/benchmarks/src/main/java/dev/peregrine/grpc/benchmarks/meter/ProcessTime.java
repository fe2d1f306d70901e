// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.meter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of another process: user and system, in steps of 10 ms. Linux only. */
public final class ProcessTime {

    private ProcessTime() {}

    /**
     * @throws IOException if there is no such process, or this is not Linux
     */
    public static long cpuNanos(long process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        return CompilerThreads.ticks(stat) * CompilerThreads.NANOS_PER_TICK;
    }
}
