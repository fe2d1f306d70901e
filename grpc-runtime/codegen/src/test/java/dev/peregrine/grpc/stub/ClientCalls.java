// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;

public final class ClientCalls {

    private ClientCalls() {}

    public static <Q, R> R unary(Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        channel.record("unary", method.name(), options.name(), request);
        return method.responses().defaultInstance();
    }

    public static <Q, R> ServerStreamingCall<R> serverStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        channel.record("serverStreaming", method.name(), options.name(), request);
        return new ServerStreamingCall<>() {};
    }

    public static <Q, R> ClientStreamingCall<Q, R> clientStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options) {
        channel.record("clientStreaming", method.name(), options.name());
        return new ClientStreamingCall<>() {};
    }

    public static <Q, R> BidiStreamingCall<Q, R> bidiStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options) {
        channel.record("bidiStreaming", method.name(), options.name());
        return new BidiStreamingCall<>() {};
    }
}
