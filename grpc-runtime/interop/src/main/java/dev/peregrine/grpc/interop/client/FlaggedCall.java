// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Says of each request of one call whether it is compressed, and notes of each response whether it was. */
final class FlaggedCall implements ClientInterceptor {

    private final boolean[] requests;
    private final List<Boolean> responses = new CopyOnWriteArrayList<>();

    /**
     * @param requests for each request whether it is compressed; those that follow are as the call has it
     */
    FlaggedCall(boolean... requests) {
        this.requests = requests;
    }

    /** The flags of the responses that have come. */
    List<Boolean> responses() {
        return responses;
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new ForwardingClientCall<>(next.newCall(method, options)) {
            private int sent;

            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(
                        new ForwardingListener<>(listener) {
                            @Override
                            public void onMessage(R response) {
                                responses.add(isResponseCompressed());
                                super.onMessage(response);
                            }
                        },
                        headers);
            }

            @Override
            public void send(Q request) {
                if (sent < requests.length) {
                    setMessageCompression(requests[sent++]);
                }
                super.send(request);
            }
        };
    }
}
