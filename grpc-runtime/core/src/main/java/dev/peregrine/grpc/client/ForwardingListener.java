// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;

/**
 * A listener that passes everything on; interceptors override what they care for.
 *
 * @param <R> the response type
 */
public class ForwardingListener<R> implements ClientCall.Listener<R> {

    private final ClientCall.Listener<R> next;

    protected ForwardingListener(ClientCall.Listener<R> next) {
        this.next = next;
    }

    @Override
    public void onHeaders(Metadata headers) {
        next.onHeaders(headers);
    }

    @Override
    public void onMessage(R response) {
        next.onMessage(response);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        next.onClose(status, trailers);
    }

    @Override
    public void onReady() {
        next.onReady();
    }
}
