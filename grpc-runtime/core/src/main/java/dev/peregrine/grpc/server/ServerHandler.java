// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

/**
 * Answers the calls of one method.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
@FunctionalInterface
public interface ServerHandler<Q, R> {

    /**
     * Takes a call that has begun; its events go to the returned listener, one at a time. What this method or the
     * listener throws ends the call as {@link ServerCall#fail} does.
     */
    ServerCall.Listener<Q> handle(ServerCall<Q, R> call);
}
