// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

/**
 * Where a blocking service writes its stream of responses. For the thread of the handler only.
 *
 * @param <R> the response type
 */
public interface ResponseWriter<R> {

    /**
     * Sends a response; blocks while the caller, or the network, takes no more.
     *
     * @throws dev.peregrine.grpc.StatusException CANCELLED or DEADLINE_EXCEEDED once nobody waits for the answer
     */
    void write(R response);

    /** Whether {@link #write} would go through without blocking. */
    boolean isReady();
}
