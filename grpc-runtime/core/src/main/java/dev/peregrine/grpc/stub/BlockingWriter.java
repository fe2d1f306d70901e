// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.server.ServerCall;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes responses, waiting while the call is not ready for more. Handler's thread only. */
final class BlockingWriter<R> implements ResponseWriter<R> {

    private final ServerCall<?, R> call;
    private @Nullable Status cancelled;

    BlockingWriter(ServerCall<?, R> call) {
        this.call = call;
    }

    void cancelled(Status reason) {
        cancelled = reason;
    }

    @Override
    public void write(R response) {
        Objects.requireNonNull(response, "response");
        while (!call.isReady()) {
            throwIfCancelled();
            await(call);
        }
        throwIfCancelled();
        call.send(response);
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    private void throwIfCancelled() {
        if (cancelled != null) {
            throw cancelled.asException();
        }
    }

    /** Waits for whatever happens next to the call. */
    static void await(ServerCall<?, ?> call) {
        try {
            call.awaitEvent();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            Status reason = call.context().cancellation().reason();
            throw (reason == null ? Status.of(StatusCode.CANCELLED, "the handler's thread was interrupted") : reason)
                    .withCause(interrupted)
                    .asException();
        }
    }
}
