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
 * @param graceless whether a server that shuts down ends the open calls of this method at once, with UNAVAILABLE, instead
 *     of letting them finish within the grace
 */
public record ServerMethod<Q, R>(
        MethodDescriptor<Q, R> descriptor, ServerHandler<Q, R> handler, ExecutionMode mode, boolean graceless) {

    /** A method whose calls may finish when the server shuts down. */
    public ServerMethod(MethodDescriptor<Q, R> descriptor, ServerHandler<Q, R> handler, ExecutionMode mode) {
        this(descriptor, handler, mode, false);
    }

    /**
     * This method, with calls that never delay a shutdown: right for streams that last until the caller has enough of
     * them, and that it begins again elsewhere when they end.
     */
    public ServerMethod<Q, R> withoutGrace() {
        return new ServerMethod<>(descriptor, handler, mode, true);
    }

    /** This method, run elsewhere. */
    ServerMethod<Q, R> in(ExecutionMode other) {
        return other == mode ? this : new ServerMethod<>(descriptor, handler, other, graceless);
    }

    /** This method behind the interceptors; the first of the list sees a call first. */
    ServerMethod<Q, R> behind(List<ServerInterceptor> interceptors) {
        ServerHandler<Q, R> chain = handler;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            chain = interceptors.get(i).intercept(descriptor, chain);
        }
        return new ServerMethod<>(descriptor, chain, mode, graceless);
    }
}
