// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;

/** Stands between the application and a channel: may change options, wrap the call, or answer it itself. */
@FunctionalInterface
public interface ClientInterceptor {

    /**
     * Makes the call, usually on {@code next}. Must not block.
     */
    <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next);
}
