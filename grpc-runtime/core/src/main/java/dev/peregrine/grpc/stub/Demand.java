// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

/** Counts what a {@link java.util.concurrent.Flow.Subscription} was asked for. */
final class Demand {

    private Demand() {}

    /** Reactive Streams §3.9: a demand that is not positive is an error. */
    static IllegalArgumentException illegal(long requested) {
        return new IllegalArgumentException("demand: " + requested + " (expected: > 0; Reactive Streams §3.9)");
    }

    /** A demand as calls count it; more than an int holds is "all there are" in practice. */
    static int clamp(long requested) {
        return (int) Math.min(Integer.MAX_VALUE, requested);
    }
}
