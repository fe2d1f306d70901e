// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Publisher;

public final class AsyncClientCalls {

    private AsyncClientCalls() {}

    public static <Q, R> CompletionStage<R> unary(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        channel.record("asyncUnary", method.name(), options.name(), request);
        return CompletableFuture.completedFuture(method.responses().defaultInstance());
    }

    public static <Q, R> Publisher<R> serverStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        channel.record("asyncServerStreaming", method.name(), options.name(), request);
        return subscriber -> {};
    }

    public static <Q, R> CompletionStage<R> clientStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Publisher<Q> requests) {
        channel.record("asyncClientStreaming", method.name(), options.name(), requests);
        return CompletableFuture.completedFuture(method.responses().defaultInstance());
    }

    public static <Q, R> Publisher<R> bidiStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Publisher<Q> requests) {
        channel.record("asyncBidiStreaming", method.name(), options.name(), requests);
        return subscriber -> {};
    }
}
