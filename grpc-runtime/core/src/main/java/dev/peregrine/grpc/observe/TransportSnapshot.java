// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

import java.util.List;

/**
 * All connections of a server or a channel.
 *
 * @param open how many are open
 * @param calls how calls went, on these and on earlier connections
 * @param connections as many as were asked for, the oldest first
 * @param silent how many did not answer within a second and are missing from {@code calls} and {@code connections}: their
 *     event loop is blocked by something that runs there
 */
public record TransportSnapshot(int open, CallCounts calls, List<ConnectionSnapshot> connections, int silent) {

    public static final TransportSnapshot EMPTY = new TransportSnapshot(0, CallCounts.NONE, List.of(), 0);

    public TransportSnapshot {
        connections = List.copyOf(connections);
    }
}
