// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;

/** A stream of requests with one response: the ordinary stream, read once at its end. */
record BlockingUpload<Q, R>(BlockingStream<Q, R> stream) implements ClientStreamingCall<Q, R> {

    @Override
    public void write(Q request) {
        stream.write(request);
    }

    @Override
    public R finish() {
        stream.halfClose();
        R response = stream.read();
        if (response == null) {
            throw StatusException.ofCall(
                    Status.of(StatusCode.INTERNAL, "the call ended with OK but an interceptor kept the response"),
                    Metadata.EMPTY);
        }
        return response;
    }

    @Override
    public void close() {
        stream.close();
    }
}
