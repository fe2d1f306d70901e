// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A call that passes everything on; interceptors override what they care for.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public class ForwardingClientCall<Q, R> implements ClientCall<Q, R> {

    private final ClientCall<Q, R> next;

    protected ForwardingClientCall(ClientCall<Q, R> next) {
        this.next = next;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        next.start(listener, headers);
    }

    @Override
    public void request(int messages) {
        next.request(messages);
    }

    @Override
    public void send(Q request) {
        next.send(request);
    }

    @Override
    public void halfClose() {
        next.halfClose();
    }

    @Override
    public void cancel(String why, @Nullable Throwable cause) {
        next.cancel(why, cause);
    }

    @Override
    public boolean isReady() {
        return next.isReady();
    }

    @Override
    public void setMessageCompression(boolean compressed) {
        next.setMessageCompression(compressed);
    }

    @Override
    public boolean isResponseCompressed() {
        return next.isResponseCompressed();
    }
}
