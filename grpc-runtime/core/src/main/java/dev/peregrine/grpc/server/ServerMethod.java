// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.MethodDescriptor;
import java.util.List;

/**
 * A method that is served.
 *
 * @param <Q> the request type
 * @param <R> the response type
 * @param descriptor names and marshallers
 * @param handler what answers
 * @param mode where the handler runs
 */
public record ServerMethod<Q, R>(MethodDescriptor<Q, R> descriptor, ServerHandler<Q, R> handler, ExecutionMode mode) {

    /** This method behind the interceptors; the first of the list sees a call first. */
    ServerMethod<Q, R> behind(List<ServerInterceptor> interceptors) {
        ServerHandler<Q, R> chain = handler;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            chain = interceptors.get(i).intercept(descriptor, chain);
        }
        return new ServerMethod<>(descriptor, chain, mode);
    }
}
