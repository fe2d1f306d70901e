// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

/**
 * A stream of requests being written by a blocking client, with one response at its end. Close it when done: closing
 * before {@link #finish} cancels the call.
 *
 * <p>For one thread at a time; {@link #close} for any.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public interface ClientStreamingCall<Q, R> extends AutoCloseable {

    /**
     * Sends a request; blocks while the server, or the network, takes no more.
     *
     * @throws dev.peregrine.grpc.StatusException with the call's status if it has ended
     * @throws IllegalStateException after {@link #finish}
     */
    void write(Q request);

    /**
     * Says that no more requests follow, and waits for the response.
     *
     * @throws dev.peregrine.grpc.StatusException if the call did not end with OK
     */
    R finish();

    /** Cancels the call unless it has ended. */
    @Override
    void close();
}
