// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The asynchronous face of a client: what generated {@code AsyncClient}s call. Results complete on the connection's
 * event loop unless the options name an executor; cancelling a returned future, or a subscription, cancels the call.
 */
public final class AsyncClientCalls {

    private AsyncClientCalls() {}

    public static <Q, R> CompletionStage<R> unary(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        ClientCall<Q, R> call = channel.newCall(method, options);
        FutureResponse<R> response = new FutureResponse<>(call);
        call.start(response, Metadata.EMPTY);
        call.send(request);
        call.halfClose();
        return response.future();
    }

    /** The call is made once for each subscriber, when it subscribes. */
    public static <Q, R> Flow.Publisher<R> serverStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request) {
        return subscriber -> {
            ClientCall<Q, R> call = channel.newCall(method, options);
            ResponseSubscription<R> responses = new ResponseSubscription<>(call, subscriber, null);
            responses.start();
            call.send(request);
            call.halfClose();
            responses.begin();
        };
    }

    /** The call is made at once. */
    public static <Q, R> CompletionStage<R> clientStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Flow.Publisher<Q> requests) {
        ClientCall<Q, R> call = channel.newCall(method, options);
        RequestSubscriber<Q> sender = new RequestSubscriber<>(call);
        FutureResponse<R> response = new FutureResponse<>(call, sender);
        call.start(response, Metadata.EMPTY);
        requests.subscribe(sender);
        return response.future();
    }

    /** The call is made once for each subscriber, when it subscribes; the requests are subscribed to then. */
    public static <Q, R> Flow.Publisher<R> bidiStreaming(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Flow.Publisher<Q> requests) {
        return subscriber -> {
            ClientCall<Q, R> call = channel.newCall(method, options);
            RequestSubscriber<Q> sender = new RequestSubscriber<>(call);
            ResponseSubscription<R> responses = new ResponseSubscription<>(call, subscriber, sender);
            responses.start();
            requests.subscribe(sender);
            responses.begin();
        };
    }
}
