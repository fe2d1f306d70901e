// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.BlockingCalls;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;

/** The blocking face of a client: what generated {@code Client}s call. Refuses to block an event loop. */
public final class ClientCalls {

    private ClientCalls() {}

    /**
     * Sends the request and waits for the response.
     *
     * @throws dev.peregrine.grpc.StatusException if the call did not end with OK; CANCELLED if the thread was interrupted
     */
    public static <Q, R> R unary(Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        BlockingCalls.requireThreadThatMayBlock(method);
        ClientCall<Q, R> call = channel.newCall(method, options);
        UnaryWait<R> outcome = new UnaryWait<>();
        call.start(outcome, Metadata.EMPTY);
        call.send(request);
        call.halfClose();
        return outcome.await(call);
    }

    public static <Q, R> ServerStreamingCall<R> serverStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        BlockingStream<Q, R> stream = BlockingStream.start(channel, method, options);
        stream.sendSole(request);
        return stream;
    }

    public static <Q, R> ClientStreamingCall<Q, R> clientStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options) {
        return new BlockingUpload<>(BlockingStream.start(channel, method, options));
    }

    public static <Q, R> BidiStreamingCall<Q, R> bidiStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options) {
        return BlockingStream.start(channel, method, options);
    }
}
