// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.transport.TransportThread;

/** Keeps blocking calls off the threads that would have to deliver their answers. */
public final class BlockingCalls {

    private BlockingCalls() {}

    /**
     * @throws IllegalStateException on an event loop
     */
    static void requireThreadThatMayWait(String what) {
        if (Thread.currentThread() instanceof TransportThread) {
            throw new IllegalStateException(what + " was called on event loop thread '"
                    + Thread.currentThread().getName() + "', which would wait for itself");
        }
    }

    /**
     * @throws IllegalStateException on an event loop
     */
    public static void requireThreadThatMayBlock(MethodDescriptor<?, ?> method) {
        if (Thread.currentThread() instanceof TransportThread) {
            throw new IllegalStateException(
                    "a blocking call of " + method.fullName() + " was made on event loop thread '"
                            + Thread.currentThread().getName()
                            + "', which would wait for itself; use the async client there, or make the calling method blocking");
        }
    }
}
