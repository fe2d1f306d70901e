// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a call is answered with that a {@link ConcurrencyLimit}, or an executor, does not take. Has no stack trace: it
 * is made when there is too much to do already.
 */
final class CallRefusedException extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    /** What an executor of the application's is too busy for; ours says more. */
    private static final String NO_THREAD = "the server has no thread free for this call; try again later";

    private final transient Status status;
    private final transient Metadata trailers;

    CallRefusedException(Status status, Metadata trailers) {
        super(status.description());
        this.status = status;
        this.trailers = trailers;
    }

    /** The same, for an executor that threw something of its own. */
    static CallRefusedException of(RejectedExecutionException full) {
        if (full instanceof CallRefusedException refused) {
            return refused;
        }
        return full instanceof PoolFullException ? saying(full.getMessage()) : noThread();
    }

    static CallRefusedException noThread() {
        return saying(NO_THREAD);
    }

    private static CallRefusedException saying(@Nullable String text) {
        return new CallRefusedException(Status.of(StatusCode.RESOURCE_EXHAUSTED, text), Pushback.afterOneSecond());
    }

    Status status() {
        return status;
    }

    Metadata trailers() {
        return trailers;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
