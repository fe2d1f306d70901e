// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import java.util.List;

/** Puts the interceptors that a call has of its own around it, inside those of the channel. */
record OwnInterceptors(Channel next) implements Channel {

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        List<ClientInterceptor> own = options.interceptors();
        return (own.isEmpty() ? next : InterceptedChannel.behind(own, next)).newCall(method, options);
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
