// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ClientCall;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for the one response of a call. */
final class UnaryWait<R> implements ClientCall.Listener<R> {

    private final Thread waiter = Thread.currentThread();
    private @Nullable R response;
    private Metadata trailers = Metadata.EMPTY;

    /** Written last, read first: publishes the other fields. */
    private volatile @Nullable Status status;

    @Override
    public void onMessage(R response) {
        this.response = response;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        this.trailers = trailers;
        this.status = status;
        LockSupport.unpark(waiter);
    }

    R await(ClientCall<?, R> call) {
        boolean interrupted = false;
        Status outcome;
        while ((outcome = status) == null) {
            LockSupport.park(this);
            if (Thread.interrupted() && !interrupted) { // The flag must not stay set, or nothing parks.
                interrupted = true;
                call.cancel("the calling thread was interrupted", new InterruptedException());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!outcome.isOk()) {
            throw StatusException.ofCall(outcome, trailers);
        }
        R received = response;
        if (received == null) {
            throw StatusException.ofCall(
                    Status.of(StatusCode.INTERNAL, "the call ended with OK but an interceptor kept the response"),
                    trailers);
        }
        return received;
    }
}
