// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;

/**
 * A call that passes everything on; interceptors override what they care for.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public class ForwardingServerCall<Q, R> implements ServerCall<Q, R> {

    private final ServerCall<Q, R> next;

    protected ForwardingServerCall(ServerCall<Q, R> next) {
        this.next = next;
    }

    @Override
    public MethodDescriptor<Q, R> method() {
        return next.method();
    }

    @Override
    public CallContext context() {
        return next.context();
    }

    @Override
    public void request(int messages) {
        next.request(messages);
    }

    @Override
    public void sendHeaders() {
        next.sendHeaders();
    }

    @Override
    public void send(R response) {
        next.send(response);
    }

    @Override
    public boolean isReady() {
        return next.isReady();
    }

    @Override
    public void close(Status status, Metadata trailers) {
        next.close(status, trailers);
    }

    @Override
    public void fail(Throwable thrown) {
        next.fail(thrown);
    }

    @Override
    public void awaitEvent() throws InterruptedException {
        next.awaitEvent();
    }
}
