// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.meter;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this JVM used since it started. Two readings, before and after, make a measurement.
 *
 * @param cpuNanos user and system time of all threads, ended ones too; the kernel counts in steps of about 10 ms
 * @param jitNanos the part of it that compiled bytecode: a cost of the warm-up that happens to fall into the measurement
 * @param allocatedBytes heap bytes allocated by all threads
 */
public record Counters(long cpuNanos, long jitNanos, long allocatedBytes) {

    public static Counters now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Counters(system.getProcessCpuTime(), CompilerThreads.cpuNanos(), HeapAllocation.bytes());
    }

    public Counters since(Counters before) {
        return new Counters(
                cpuNanos - before.cpuNanos, jitNanos - before.jitNanos, allocatedBytes - before.allocatedBytes);
    }

    /** Processor time without compilation; never negative, although the two are not read at the same moment. */
    public long workNanos() {
        return Math.max(0, cpuNanos - jitNanos);
    }

    /** Three numbers and two spaces; {@link #parse} reads it. */
    public String encode() {
        return cpuNanos + " " + jitNanos + " " + allocatedBytes;
    }

    /**
     * @throws IllegalArgumentException if the text was not made by {@link #encode}
     */
    public static Counters parse(String text) {
        String[] numbers = text.split(" ");
        if (numbers.length != 3) {
            throw new IllegalArgumentException("counters: \"" + text + "\" (expected: three numbers)");
        }
        return new Counters(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }
}
