// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import org.jspecify.annotations.Nullable;

/**
 * Where a blocking service reads a stream of requests. The caller is held back while nothing is read. For the thread of
 * the handler only; iterating is reading, so it works once.
 *
 * @param <Q> the request type
 */
public interface RequestReader<Q> extends Iterable<Q> {

    /**
     * The next request, waiting for it; null when the caller has sent its last.
     *
     * @throws dev.peregrine.grpc.StatusException CANCELLED or DEADLINE_EXCEEDED once nobody waits for the answer
     */
    @Nullable
    Q read();
}
