// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import io.netty.buffer.ByteBuf;

/** Hears the answer to one call: headers?, message*, closed. Called on the connection's thread. */
public interface ClientStreamListener {

    /** Before the headers: what responses that are flagged as compressed are compressed with. Not said if none will be. */
    default void onEncoding(CharSequence name) {}

    /** Needs no demand. */
    void onHeaders(Metadata headers);

    /**
     * The bytes of one response, borrowed for the duration of this call; retain them to keep them.
     */
    void onMessage(ByteBuf message, boolean compressed);

    /** More may be written. */
    void onReady();

    /**
     * The call is over, and every response that came before the end has been delivered; the last thing said, exactly once.
     *
     * @param resend whether the call may be sent again, on another connection
     */
    void onClosed(Status status, Metadata trailers, Resend resend);
}
