// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.Objects;

/**
 * A call that did not end well. Thrown by clients for every status but OK; thrown by a service to answer with
 * exactly this status and these trailers. Anything else a service throws reaches the caller as
 * {@link StatusCode#UNKNOWN} without its text.
 */
public final class StatusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;
    private final transient Metadata trailers;

    /**
     * @throws IllegalArgumentException if the status is OK: success is not an exception
     */
    public StatusException(Status status, Metadata trailers) {
        super(status.toString(), status.cause());
        if (status.isOk()) {
            throw new IllegalArgumentException("a StatusException needs a status other than OK");
        }
        this.status = status;
        this.trailers = Objects.requireNonNull(trailers, "trailers");
    }

    public StatusException(StatusCode code, String description) {
        this(Status.of(code, description), Metadata.EMPTY);
    }

    public Status status() {
        return status;
    }

    public StatusCode code() {
        return status.code();
    }

    /** The metadata that came, or will go, with the status. */
    public Metadata trailers() {
        return trailers;
    }
}
