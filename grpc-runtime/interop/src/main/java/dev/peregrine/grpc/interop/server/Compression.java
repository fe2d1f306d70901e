// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.interop.proto.BoolValue;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;

/**
 * The server features "CompressedRequest" and "CompressedResponse": each message says whether it expects to have come, or
 * wants to go out, compressed. As an interceptor it lets every call compress, and none of its messages unless one asks.
 */
enum Compression implements ServerInterceptor {
    OFFERED;

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return call -> {
            call.context().setResponseCompression("gzip");
            call.context().setMessageCompression(false);
            return next.handle(call);
        };
    }

    /** Of the request in hand. */
    static void require(BoolValue expectCompressed) {
        if (expectCompressed.getValue() && !CallContext.current().isRequestCompressed()) {
            throw new StatusException(
                    StatusCode.INVALID_ARGUMENT, "expect_compressed is true, but the request was not compressed");
        }
    }

    /** For the response that is sent next. */
    static void wish(CallContext call, BoolValue compressed) {
        call.setMessageCompression(compressed.getValue());
    }
}
