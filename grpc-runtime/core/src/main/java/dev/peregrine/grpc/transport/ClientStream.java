// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Status;

/**
 * One call, seen by the client. What is written after the call has ended is dropped: the end was told to the listener,
 * and news crosses.
 */
public interface ClientStream {

    /**
     * Sends a request; ownership of the message passes to the transport. One whose marshaller fails ends the call with
     * INTERNAL.
     */
    void write(OutboundMessage<?> message);

    /** No more requests follow. */
    void halfClose();

    /**
     * Asks for this many more responses; {@link Integer#MAX_VALUE} for all there are. Nothing is delivered, and the peer is
     * held back, without demand.
     */
    void request(int messages);

    /** Whether more should be written now; when it turns true again the listener hears {@code onReady}. */
    boolean isReady();

    /** Ends the call now with this status; the server is told to stop, not why. What was written may be lost. */
    void cancel(Status why);
}
