// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.server.ServerCall;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears a call with one request: the body runs when the request is complete. */
final class SoleRequest<Q> implements ServerCall.Listener<Q> {

    private final Consumer<Q> body;
    private @Nullable Q request;

    SoleRequest(Consumer<Q> body) {
        this.body = body;
    }

    @Override
    public void onMessage(Q request) {
        this.request = request;
    }

    @Override
    public void onHalfClose() {
        Q complete = request;
        if (complete != null) { // An interceptor may have kept it to itself, and answers then.
            request = null;
            body.accept(complete);
        }
    }
}
