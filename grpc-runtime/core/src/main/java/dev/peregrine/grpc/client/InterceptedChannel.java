// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import java.util.List;

/** A channel behind one interceptor. */
record InterceptedChannel(ClientInterceptor interceptor, Channel next) implements Channel {

    /** The channel behind all of these; the first of the list sees a call first. */
    static Channel behind(List<ClientInterceptor> interceptors, Channel channel) {
        Channel chain = channel;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            chain = new InterceptedChannel(interceptors.get(i), chain);
        }
        return chain;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        return interceptor.intercept(method, options, next);
    }

    @Override
    public String authority() {
        return next.authority();
    }

    @Override
    public boolean isPrivate() {
        return next.isPrivate();
    }
}
