// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears the caller's side of one call: message*, half-closed?, closed. Called on the connection's thread. */
public interface ServerStreamListener {

    /**
     * How long the call may take. Asked once, as soon as the call is accepted.
     *
     * @param asked what the caller allows, in nanoseconds; negative if it waits for ever
     * @return what it gets, in the same terms
     */
    default long timeoutNanos(long asked) {
        return asked;
    }

    /**
     * The most bytes that a request may have as it travels, without its prefix. Asked once, as soon as the call is accepted.
     *
     * @param usual what the transport's limits say
     */
    default int maxMessageSize(int usual) {
        return usual;
    }

    /** The bytes of one request, borrowed for the duration of this call; retain them to keep them. */
    void onMessage(ByteBuf message, boolean compressed);

    /** No more requests follow, and every one has been delivered; needs no demand. */
    void onHalfClosed();

    /** More may be written. */
    void onReady();

    /**
     * The call is over; the last thing said, exactly once.
     *
     * @param failure null if the whole answer was handed to the network; else why nobody waits for it: the caller
     *     cancelled, its deadline passed (in which case it has been answered), or the connection is gone
     */
    void onClosed(@Nullable Status failure);

    /** The server is about to go: a call that has no claim to its grace should end now. */
    default void onServerLeaves() {}

    /** What is known of the call, for those who look; null if it was answered without. On the connection's thread. */
    default @Nullable CallContext context() {
        return null;
    }

    /**
     * Whether a thread still works for this call. Asked right behind {@link #onClosed}: callers may have given the call
     * up, but what it costs us is counted until it costs nothing any more.
     *
     * @param whenFree if so, run once when no thread does any more, on any thread
     */
    default boolean isStillBusy(Runnable whenFree) {
        return false;
    }
}
