// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.observe.CallCounts;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.observe.TransportSnapshot;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The connections of one server or channel, and what those that are closed have counted, so that a picture can be taken of
 * all. For any thread; calls do not come by.
 */
@AnyThread
final class ConnectionBook {

    private final ConcurrentSkipListMap<Long, Connection> open = new ConcurrentSkipListMap<>();

    /** Guarded by this, together with leaving {@link #open}: a picture has a connection in one of the two. */
    private CallCounts closed = CallCounts.NONE;

    /** Enters a new connection, until its socket is closed. */
    void enter(Connection connection) {
        open.put(connection.tally().id(), connection);
        connection.whenSocketClosed(() -> leave(connection));
    }

    private synchronized void leave(Connection connection) {
        open.remove(connection.tally().id());
        closed = closed.plus(connection.tally().calls(0));
    }

    /** Takes a picture; see {@link TransportSnapshot}. */
    CompletionStage<TransportSnapshot> snapshot(SnapshotPage page) {
        return group(page).take();
    }

    private synchronized GroupPhoto group(SnapshotPage page) {
        return new GroupPhoto(page, List.copyOf(open.values()), closed);
    }
}
