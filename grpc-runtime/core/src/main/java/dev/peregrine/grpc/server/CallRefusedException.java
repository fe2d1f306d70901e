// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import java.util.concurrent.RejectedExecutionException;

/**
 * A {@link ConcurrencyLimit}, or an executor, takes no more calls. Has no stack trace: it is made when there is too much to do
 * already.
 */
final class CallRefusedException extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;
    private final transient Metadata trailers;

    CallRefusedException(Status status, Metadata trailers) {
        super(status.description());
        this.status = status;
        this.trailers = trailers;
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
