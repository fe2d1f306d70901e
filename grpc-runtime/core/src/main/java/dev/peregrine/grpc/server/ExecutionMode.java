// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

/** Where a method's handler and its interceptors run. */
public enum ExecutionMode {
    /** In place, on the connection's event loop: the fastest, for code that never blocks. */
    EVENT_LOOP,
    /** On a thread that may block: virtual where the JDK has them, else one of the server's bounded pool. */
    BLOCKING
}
