// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request, one response, made by a plain method. */
record SingleResponseHandler<Q, R>(Function<Q, R> body) implements ServerHandler<Q, R> {

    @Override
    public ServerCall.Listener<Q> handle(ServerCall<Q, R> call) {
        return new SoleRequest<>(request -> answer(call, body.apply(request)));
    }

    static <R> void answer(ServerCall<?, R> call, @Nullable R response) {
        call.send(Objects.requireNonNull(
                response, () -> "the service method of " + call.method().fullName() + " returned null"));
        call.close(Status.OK, Metadata.EMPTY);
    }
}
