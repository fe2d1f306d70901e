// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.CallGuard;
import org.jspecify.annotations.Nullable;

/**
 * Knows who stands before the methods of all servers, whichever way their services came in. For the room of security; it may
 * change with that.
 */
public interface MethodGuards {

    /**
     * The guard of a method, which goes with interceptors that may block; null for none. Asked about each method of each server
     * before that listens.
     */
    @Nullable
    CallGuard guardOf(MethodDescriptor<?, ?> method);

    /**
     * There are no more methods to ask about. Called before servers are announced.
     *
     * @throws org.springframework.boot.diagnostics.FailureAnalyzedException if the servers must not go on
     */
    void requireComplete();
}
