// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

/** The seventeen outcomes of a gRPC call, as the gRPC specification's {@code statuscodes.md} defines them. */
public enum StatusCode {
    OK,
    CANCELLED,
    UNKNOWN,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    ALREADY_EXISTS,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION,
    ABORTED,
    OUT_OF_RANGE,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE,
    DATA_LOSS,
    UNAUTHENTICATED;

    private static final StatusCode[] BY_VALUE = values();

    /** The number that travels in {@code grpc-status}; the declaration order above is the specification's. */
    public int value() {
        return ordinal();
    }

    /** The code with this number; {@link #UNKNOWN} for a number the specification does not define. */
    public static StatusCode of(int value) {
        return value >= 0 && value < BY_VALUE.length ? BY_VALUE[value] : UNKNOWN;
    }
}
