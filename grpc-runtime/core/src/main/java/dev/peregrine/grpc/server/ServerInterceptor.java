// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.MethodDescriptor;

/**
 * Stands between the network and the handlers of a server. Chains are assembled once per method when the server starts,
 * so an interceptor decides about a method once and pays per call only for what it wraps.
 *
 * <p>Interceptors run where the handler runs; see {@link ExecutionMode}.
 */
@FunctionalInterface
public interface ServerInterceptor {

    /**
     * The handler that is to be called instead of {@code next}; {@code next} itself if this method is of no interest.
     */
    <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next);
}
