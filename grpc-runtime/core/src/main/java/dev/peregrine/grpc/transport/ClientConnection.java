// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A connection that is ready for calls. All methods may be called from any thread. */
public interface ClientConnection {

    /**
     * Opens a call, at once or as soon as the server takes one more. If the connection can take no calls any more, the
     * listener hears {@code onClosed} with UNAVAILABLE and {@link Resend#FREELY}. It may hear things before this
     * returns.
     *
     * @param sole the only request of the call, which is half-closed behind it; null if requests follow by
     *     {@link ClientStream#write}
     * @param demand how many responses may be delivered at first; see {@link ClientStream#request}
     */
    ClientStream open(CallHead head, @Nullable OutboundMessage<?> sole, int demand, ClientStreamListener listener);

    /** Takes no more calls; closes when those it has taken have ended, those that wait for the server included. */
    void shutdown();

    /** Ends all calls with this status and closes. */
    void shutdownNow(Status why);
}
