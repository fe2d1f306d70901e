// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.Objects;

/**
 * A call that did not end well. Thrown by clients for every status but OK; thrown by a service to answer with exactly
 * this status and these trailers. Anything else a service throws reaches the caller as {@link StatusCode#UNKNOWN} without
 * its text.
 *
 * <p>The two do not mix: what a client call threw is {@linkplain #isOfCall of that call}, and a service that lets it pass
 * fails as it does with any other exception. What another service answered to us is not our answer to our caller; a
 * service that means it to be says so with {@link #forward}.
 */
public final class StatusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;
    private final transient Metadata trailers;
    private final boolean ofCall;

    /**
     * @throws IllegalArgumentException if the status is OK: success is not an exception
     */
    public StatusException(Status status, Metadata trailers) {
        this(status, trailers, false);
    }

    public StatusException(StatusCode code, String description) {
        this(Status.of(code, description), Metadata.EMPTY);
    }

    private StatusException(Status status, Metadata trailers, boolean ofCall) {
        super(status.toString(), status.cause());
        if (status.isOk()) {
            throw new IllegalArgumentException("a StatusException needs a status other than OK");
        }
        this.status = status;
        this.trailers = Objects.requireNonNull(trailers, "trailers");
        this.ofCall = ofCall;
    }

    /**
     * How a call that we made has ended; what clients throw.
     *
     * @throws IllegalArgumentException if the status is OK
     */
    public static StatusException ofCall(Status status, Metadata trailers) {
        return new StatusException(status, trailers, true);
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

    /** Whether this is how a call that we made has ended, rather than an answer of our own. */
    public boolean isOfCall() {
        return ofCall;
    }

    /**
     * The same status and trailers as an answer of our own: for a service that hands on what it was answered, on purpose.
     * It tells our caller what was meant for us, retryable codes included.
     */
    public StatusException forward() {
        return ofCall ? new StatusException(status.withCause(this), trailers) : this;
    }
}
