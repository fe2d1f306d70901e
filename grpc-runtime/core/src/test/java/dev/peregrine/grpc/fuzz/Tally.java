// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import java.util.Map;
import java.util.TreeMap;

/** Counts what a run of fuzzing has reached, so that it cannot turn, unnoticed, into one that reaches nothing. */
public final class Tally {

    /** With fewer iterations than this the counts say nothing. */
    private static final int TELLING = 200;

    private final Map<String, Long> counts = new TreeMap<>();

    public synchronized void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Fails if this happened less often than once in so many iterations, on average; of fewer, nothing is expected. */
    public synchronized Tally expect(String what, int iterations, double onceInSoMany) {
        long found = counts.getOrDefault(what, 0L);
        if (iterations >= TELLING && found < (long) (iterations / onceInSoMany)) {
            throw new AssertionError("fuzzing reached '" + what + "' " + found + " times in " + iterations
                    + " iterations (expected: once in " + onceInSoMany + "); it found:\n" + this);
        }
        return this;
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, count) ->
                text.append("  ").append(count).append(' ').append(what).append('\n'));
        return text.toString();
    }
}
