// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;

/**
 * One call, seen by the server. What is written after the call has ended is dropped: the end was told to the listener,
 * and news crosses.
 */
public interface ServerStream {

    Peer peer();

    /** The whole answer to a call that succeeded with one response and has sent nothing yet. */
    void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers);

    /** Sends the response headers; not needed when {@link #reply} or a bare {@link #end} is the whole answer. */
    void headers(Metadata headers);

    /**
     * Sends a response, after {@link #headers}; ownership of the message passes to the transport. One whose marshaller fails
     * ends the call with INTERNAL.
     */
    void write(OutboundMessage<?> message);

    /**
     * Ends the call, behind what was written and whether or not the client has half-closed; requests that are unread are
     * dropped. Without headers before, status and trailers go out in one block (Trailers-Only).
     */
    void end(Status status, Metadata trailers);

    /**
     * Asks for this many more requests; {@link Integer#MAX_VALUE} for all there are. Nothing is delivered, and the peer is
     * held back, without demand.
     */
    void request(int messages);

    /**
     * Asks for one request, which is of no use before the client has half-closed: until then it may stay with the transport,
     * and count among what that holds for the client. A second one is delivered, too, to be refused. On the thread that
     * calls the listener, and once.
     */
    default void requestSole() {
        request(2);
    }

    /** Whether more should be written now; when it turns true again the listener hears {@code onReady}. */
    boolean isReady();
}
