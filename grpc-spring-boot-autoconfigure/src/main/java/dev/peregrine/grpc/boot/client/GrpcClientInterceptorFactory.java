// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ClientInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;

/**
 * Makes interceptors that differ from client to client. Every bean of this type is asked for every client, global interceptors or
 * not; what it makes takes the place among them that {@link Order} says, on the interceptor or at the bean of the factory.
 */
@FunctionalInterface
public interface GrpcClientInterceptorFactory {

    /**
     * Asked once, when the channel of the client is made.
     *
     * @param client the name under {@code grpc.client}
     * @return null if there is none for this client
     */
    @Nullable
    ClientInterceptor interceptorFor(String client);
}
