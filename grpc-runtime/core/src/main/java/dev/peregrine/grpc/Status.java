// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended: a code, a text for the developer at the other end, and, on this side only, a cause.
 *
 * @param code the code that travels in {@code grpc-status}
 * @param description the text that travels in {@code grpc-message}; null if there is none
 * @param cause what led to this status on this side; it never leaves the process
 */
public record Status(
        StatusCode code,
        @Nullable String description,
        @Nullable Throwable cause) {

    public static final Status OK = new Status(StatusCode.OK, null, null);

    private static final Status[] BARE = bareStatuses();

    public Status {
        Objects.requireNonNull(code, "code");
    }

    /** The status with this code and no description. */
    public static Status of(StatusCode code) {
        return BARE[code.ordinal()];
    }

    public static Status of(StatusCode code, @Nullable String description) {
        return description == null ? of(code) : new Status(code, description, null);
    }

    public Status withDescription(@Nullable String description) {
        return new Status(code, description, cause);
    }

    public Status withCause(@Nullable Throwable cause) {
        return new Status(code, description, cause);
    }

    public boolean isOk() {
        return code == StatusCode.OK;
    }

    /** This status as something to throw, with empty trailers. */
    public StatusException asException() {
        return new StatusException(this, Metadata.EMPTY);
    }

    /** This status as something to throw, together with the trailers that carry its details. */
    public StatusException asException(Metadata trailers) {
        return new StatusException(this, trailers);
    }

    @Override
    public String toString() {
        return description == null ? code.name() : code + ": " + description;
    }

    private static Status[] bareStatuses() {
        StatusCode[] codes = StatusCode.values();
        Status[] statuses = new Status[codes.length];
        for (StatusCode code : codes) {
            statuses[code.ordinal()] = code == StatusCode.OK ? OK : new Status(code, null, null);
        }
        return statuses;
    }
}
