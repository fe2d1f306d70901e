// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

/**
 * Two streams at once: requests being written, responses being read. One thread may write while another reads. Close it
 * when done: closing before the end cancels the call.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public interface BidiStreamingCall<Q, R> extends ServerStreamingCall<R> {

    /**
     * Sends a request; blocks while the server, or the network, takes no more.
     *
     * @throws dev.peregrine.grpc.StatusException with the call's status if it has ended
     * @throws IllegalStateException after {@link #halfClose}
     */
    void write(Q request);

    /** Says that no more requests follow. A second time does nothing. */
    void halfClose();
}
