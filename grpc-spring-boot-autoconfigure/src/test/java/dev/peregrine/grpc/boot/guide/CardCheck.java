// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;

class CardCheck implements ServerInterceptor {

    static final MetadataKey<String> CARD = MetadataKey.ascii("x-library-card");

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        if (!method.name().equals("Lend")) {
            return next; // Asked once for each method when the server starts: the others pay nothing.
        }
        return call -> {
            if (call.context().requestMetadata().get(CARD) == null) {
                throw new StatusException(StatusCode.UNAUTHENTICATED, "lending needs a library card");
            }
            return next.handle(call);
        };
    }
}
