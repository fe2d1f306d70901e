// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.observe.TransportSnapshot;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A listening server. All methods may be called from any thread. */
public interface ServerTransport {

    /** Where it listens; port 0 has become the real port. */
    List<SocketAddress> addresses();

    /** Takes a picture of the connections; a transport that has none to show says so by {@link TransportSnapshot#EMPTY}. */
    default CompletionStage<TransportSnapshot> snapshot(SnapshotPage page) {
        return CompletableFuture.completedFuture(TransportSnapshot.EMPTY);
    }

    /**
     * Stops listening at once, tells every client to go elsewhere, lets the calls that were accepted finish for as long
     * as the grace lasts, then answers the rest with UNAVAILABLE. Calls whose listener ends them when it hears
     * {@link ServerStreamListener#onServerLeaves} do not wait for the grace. Done when every connection is closed and every resource is returned. The
     * addresses are free for another server when this returns, or soon after if a {@link TransportThread} called. A later
     * call changes nothing, unless its grace is zero: then it cuts the first one's short.
     */
    CompletionStage<Void> shutdown(Duration grace);
}
