// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

import java.util.List;
import java.util.OptionalLong;

/**
 * All connections of a server or a channel.
 *
 * @param open how many are open
 * @param calls how calls went, on these and on earlier connections
 * @param connections as many as were asked for, the oldest first
 * @param silent how many did not answer within a second and are missing from {@code calls} and {@code connections}: their
 *     event loop is blocked by something that runs there
 * @param next the {@link SnapshotPage#firstConnection} of the page behind this one; empty if this is the last. A page may have
 *     fewer connections than were asked for and not be the last: of those that were to be on it some may be silent, or gone
 */
public record TransportSnapshot(
        int open, CallCounts calls, List<ConnectionSnapshot> connections, int silent, OptionalLong next) {

    public static final TransportSnapshot EMPTY =
            new TransportSnapshot(0, CallCounts.NONE, List.of(), 0, OptionalLong.empty());

    public TransportSnapshot {
        connections = List.copyOf(connections);
    }
}
