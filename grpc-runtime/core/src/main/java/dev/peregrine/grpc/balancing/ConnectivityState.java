// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.balancing;

/** The states of a channel, as gRPC's {@code connectivity-semantics-and-api.md} defines them. */
public enum ConnectivityState {
    /** No connection and no need of one; the next call starts to connect. */
    IDLE,
    /** Looking up names, connecting, or waiting for the peer's settings. */
    CONNECTING,
    /** Calls go out. */
    READY,
    /** The last attempt failed; fail-fast calls fail until the next one succeeds. */
    TRANSIENT_FAILURE,
    /** Closed by the application. */
    SHUTDOWN
}
