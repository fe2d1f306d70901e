// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.observe.CallSnapshot;
import dev.peregrine.grpc.observe.ConnectionSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A picture of one connection, for those who look. Confined to its event loop. */
final class Portrait {

    private Portrait() {}

    /**
     * @param calls how many of its open calls are wanted
     * @return null if the connection is not ready for calls yet, or has ended
     */
    static @Nullable ConnectionSnapshot of(Connection connection, int calls) {
        if (!connection.isOpen()) {
            return null;
        }
        Tally tally = connection.tally();
        long now = connection.clock().nanos();
        boolean server = connection.role() instanceof ServerRole;
        boolean hasCalls = tally.calls(0).started() > 0;
        return new ConnectionSnapshot(
                tally.id(),
                connection.peerOfCalls(),
                Duration.ofNanos(now - tally.openedAt()),
                connection.role().isDraining(),
                tally.calls(connection.openStreams()),
                server && hasCalls ? Duration.ofNanos(now - tally.lastStarted()) : null,
                tally.sent(),
                tally.received(),
                tally.keepAlives(),
                connection.openStreams(),
                oldest(connection, calls));
    }

    private static List<CallSnapshot> oldest(Connection connection, int most) {
        List<Http2Stream> streams = new ArrayList<>();
        connection.streamsSnapshot().forEach(streams::add);
        streams.sort(Comparator.comparingInt(Http2Stream::id)); // Numbers ascend (RFC 9113 §5.1.1).
        List<CallSnapshot> calls = new ArrayList<>();
        for (Http2Stream stream : streams) {
            CallSnapshot call = calls.size() < most ? stream.snapshot() : null;
            if (call != null) {
                calls.add(call);
            }
        }
        return calls;
    }
}
