// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerInterceptorOrder;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import org.springframework.core.Ordered;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/** Lets calls through to their handlers whose callers may make them, and has the handlers know who that is. */
@GrpcGlobalServerInterceptor
final class SecurityInterceptor implements ServerInterceptor, Ordered {

    private final AccessControl control;
    private final SecurityContextHolderStrategy holder;

    SecurityInterceptor(AccessControl control, SecurityContextHolderStrategy holder) {
        this.control = control;
        this.holder = holder;
    }

    @Override
    public int getOrder() {
        return GrpcServerInterceptorOrder.AUTHENTICATION;
    }

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        MethodAccess access = control.of(method);
        if (access.isOfNoInterest()) {
            return next;
        }
        return call -> {
            CallContext context = call.context();
            Authentication caller = access.check(context);
            CallIdentity identity = new CallIdentity(holder, caller);
            return new IdentifiedListener<>(identity, identity.get(() -> next.handle(call)));
        };
    }

    /** Hears everything as the caller. */
    private record IdentifiedListener<Q>(CallIdentity identity, ServerCall.Listener<Q> next)
            implements ServerCall.Listener<Q> {

        @Override
        public void onStart() {
            identity.run(next::onStart);
        }

        @Override
        public void onMessage(Q request) {
            identity.run(() -> next.onMessage(request));
        }

        @Override
        public void onHalfClose() {
            identity.run(next::onHalfClose);
        }

        @Override
        public void onReady() {
            identity.run(next::onReady);
        }

        @Override
        public void onCancel(Status reason) {
            identity.run(() -> next.onCancel(reason));
        }
    }
}
