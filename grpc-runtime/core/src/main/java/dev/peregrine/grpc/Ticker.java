// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

/** Where the runtime reads time: nanoseconds from an arbitrary origin, never going backwards. */
@FunctionalInterface
public interface Ticker {

    Ticker SYSTEM = System::nanoTime;

    long nanos();
}
