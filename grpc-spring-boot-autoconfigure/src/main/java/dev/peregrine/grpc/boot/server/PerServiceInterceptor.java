// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;

/**
 * A global interceptor that depends on the bean behind a service: for each service, one made for it takes its place. For the
 * rooms of the starter, such as advice and validation; it may change with them.
 */
public interface PerServiceInterceptor extends ServerInterceptor {

    /**
     * The interceptor for the methods of this bean; asked once for each server that has it, when that starts.
     *
     * @param name the bean's name
     * @param bean the bean, or the proxy around it
     */
    ServerInterceptor forService(String name, Object bean);

    /** Nothing, for services that are no beans. */
    @Override
    default <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return next;
    }
}
