// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.observe.CallCounts;
import dev.peregrine.grpc.observe.ConnectionSnapshot;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.observe.TransportSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A picture of several connections, each taken on its own event loop. Whoever does not answer in time is missing from it: an
 * event loop that is blocked is what somebody may be looking for, and must not block him too.
 */
@AnyThread
final class GroupPhoto {

    private static final long PATIENCE_SECONDS = 1;

    private final SnapshotPage page;
    private final List<Connection> connections;

    /** The first connection that has no room on the page. Known before anybody answers, and whoever does not. */
    private final OptionalLong next;

    private final CompletableFuture<TransportSnapshot> picture = new CompletableFuture<>();

    // Guarded by this.
    private final List<ConnectionSnapshot> pictured = new ArrayList<>();
    private CallCounts calls;
    private int awaited;

    /**
     * @param connections in the order of their ids
     * @param earlier what the connections counted that are closed
     */
    GroupPhoto(SnapshotPage page, List<Connection> connections, CallCounts earlier) {
        this.page = page;
        this.connections = connections;
        this.calls = earlier;
        this.awaited = connections.size();
        this.next = connections.stream()
                .mapToLong(connection -> connection.tally().id())
                .filter(id -> id >= page.firstConnection())
                .skip(page.connections())
                .findFirst();
    }

    CompletionStage<TransportSnapshot> take() {
        if (connections.isEmpty()) {
            develop();
            return picture;
        }
        for (Connection connection : connections) {
            long id = connection.tally().id();
            boolean whole = id >= page.firstConnection() && (next.isEmpty() || id < next.getAsLong());
            connection.post(new Mailbox.Letter() {
                @Override
                void open() {
                    smile(connection, whole);
                }

                @Override
                void discard() {
                    gone();
                }
            });
        }
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(this::develop);
        return picture;
    }

    /** On the connection's event loop. */
    private void smile(Connection connection, boolean whole) {
        ConnectionSnapshot snapshot = whole ? Portrait.of(connection, page.callsOfEach()) : null;
        if (isLast(snapshot, connection.tally().calls(connection.openStreams()))) {
            develop();
        }
    }

    private void gone() {
        if (isLast(null, CallCounts.NONE)) {
            develop();
        }
    }

    private synchronized boolean isLast(@Nullable ConnectionSnapshot snapshot, CallCounts counted) {
        calls = calls.plus(counted);
        if (snapshot != null) {
            pictured.add(snapshot);
        }
        awaited--;
        return awaited == 0;
    }

    private void develop() {
        picture.complete(developed());
    }

    private synchronized TransportSnapshot developed() {
        pictured.sort(Comparator.comparingLong(ConnectionSnapshot::id));
        return new TransportSnapshot(connections.size(), calls, pictured, awaited, next);
    }
}
