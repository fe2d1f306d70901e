// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;

/**
 * Sends what came under some keys back, as the server feature "Echo Metadata" of interop-test-descriptions.md.
 *
 * @param headers the keys that come back with the response headers
 * @param trailers the keys that come back with the status
 */
public record EchoMetadata(List<MetadataKey<?>> headers, List<MetadataKey<?>> trailers) implements ServerInterceptor {

    static final EchoMetadata OFFICIAL = new EchoMetadata(
            List.of(MetadataKey.ascii("x-grpc-test-echo-initial")),
            List.of(MetadataKey.binary("x-grpc-test-echo-trailing-bin")));

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return call -> {
            CallContext context = call.context();
            context.addResponseHeaders(only(headers, context.requestMetadata()));
            context.addResponseTrailers(only(trailers, context.requestMetadata()));
            return next.handle(call);
        };
    }

    private static Metadata only(List<MetadataKey<?>> keys, Metadata all) {
        Metadata.Builder chosen = Metadata.builder();
        for (MetadataKey<?> key : keys) {
            copy(key, all, chosen);
        }
        return chosen.build();
    }

    private static <T> void copy(MetadataKey<T> key, Metadata from, Metadata.Builder to) {
        for (T value : from.getAll(key)) {
            to.add(key, value);
        }
    }
}
