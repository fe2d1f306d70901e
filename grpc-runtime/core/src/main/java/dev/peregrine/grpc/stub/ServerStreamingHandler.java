// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingListener;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import java.util.function.BiConsumer;

/** One request, a stream of responses written by a blocking method. */
record ServerStreamingHandler<Q, R>(BiConsumer<Q, ResponseWriter<R>> body) implements ServerHandler<Q, R> {

    @Override
    public ServerCall.Listener<Q> handle(ServerCall<Q, R> call) {
        BlockingWriter<R> writer = new BlockingWriter<>(call);
        SoleRequest<Q> request = new SoleRequest<>(message -> {
            body.accept(message, writer);
            call.close(Status.OK, Metadata.EMPTY);
        });
        return new ForwardingListener<>(request) {
            @Override
            public void onCancel(Status reason) {
                writer.cancelled(reason);
            }
        };
    }
}
