// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the calls that succeeded. */
class AuditTrail implements ServerInterceptor {

    final List<String> entries = new CopyOnWriteArrayList<>();

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return call -> next.handle(new ForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                if (status.isOk()) {
                    entries.add(method.fullName());
                }
                super.close(status, trailers);
            }
        });
    }
}
