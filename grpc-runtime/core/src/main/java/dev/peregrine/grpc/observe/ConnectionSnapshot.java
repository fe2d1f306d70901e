// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

import dev.peregrine.grpc.Peer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is open.
 *
 * @param id a number that no other connection, server or channel of this process has; later ones have greater ones
 * @param peer who is at the other end
 * @param age how long it has been open
 * @param draining whether one of the ends has said goodbye: no more calls are opened on it
 * @param calls how its calls went
 * @param sinceLastCall how long ago the last call was begun; null if there was none, and at a client's end
 * @param messagesSent requests of a client, or responses of a server, that were handed to the connection
 * @param messagesReceived requests, or responses, that were delivered
 * @param keepAlivesSent how often the peer was asked whether it is there
 * @param openCalls how many calls are open
 * @param live those calls, the oldest first, as many as were asked for
 */
public record ConnectionSnapshot(
        long id,
        Peer peer,
        Duration age,
        boolean draining,
        CallCounts calls,
        @Nullable Duration sinceLastCall,
        long messagesSent,
        long messagesReceived,
        long keepAlivesSent,
        int openCalls,
        List<CallSnapshot> live) {

    public ConnectionSnapshot {
        live = List.copyOf(live);
    }
}
