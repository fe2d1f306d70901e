// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

/**
 * How much of a picture is wanted: a server may have ten thousand connections with a thousand calls each.
 *
 * @param firstConnection the least id of a connection that is wanted; 0 for all
 * @param connections how many connections are wanted at most, the oldest of them first
 * @param callsOfEach how many open calls of each are wanted at most
 */
public record SnapshotPage(long firstConnection, int connections, int callsOfEach) {

    /** The most that may be asked for, of either: a picture is to be looked at, and has to be held in memory. */
    public static final int MOST = 1000;

    /** A hundred connections, with a hundred calls of each. */
    public static final SnapshotPage FIRST = new SnapshotPage(0, 100, 100);

    /** Numbers only. */
    public static final SnapshotPage TOTALS = new SnapshotPage(0, 0, 0);

    /**
     * @throws IllegalArgumentException if a number is negative, or above {@link #MOST}
     */
    public SnapshotPage {
        if (firstConnection < 0) {
            throw new IllegalArgumentException("firstConnection: " + firstConnection + " (expected: >= 0)");
        }
        requirePage("connections", connections);
        requirePage("callsOfEach", callsOfEach);
    }

    private static void requirePage(String name, int size) {
        if (size < 0 || size > MOST) {
            throw new IllegalArgumentException(name + ": " + size + " (expected: 0 to " + MOST + ")");
        }
    }
}
