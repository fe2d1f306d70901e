// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import java.util.concurrent.RejectedExecutionException;

/** All threads of our own pool are at work, and as many calls as may wait do; says how many, for a caller to read. */
final class PoolFullException extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    PoolFullException(int threads, int waiting) {
        super("the server has no thread free for this call: all " + threads + " are at work, and " + waiting
                + " calls wait for one; try again later");
    }
}
