// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Status;

/**
 * A listener that passes everything on; interceptors override what they care for.
 *
 * @param <Q> the request type
 */
public class ForwardingListener<Q> implements ServerCall.Listener<Q> {

    private final ServerCall.Listener<Q> next;

    protected ForwardingListener(ServerCall.Listener<Q> next) {
        this.next = next;
    }

    @Override
    public void onStart() {
        next.onStart();
    }

    @Override
    public void onMessage(Q request) {
        next.onMessage(request);
    }

    @Override
    public void onHalfClose() {
        next.onHalfClose();
    }

    @Override
    public void onReady() {
        next.onReady();
    }

    @Override
    public void onCancel(Status reason) {
        next.onCancel(reason);
    }
}
