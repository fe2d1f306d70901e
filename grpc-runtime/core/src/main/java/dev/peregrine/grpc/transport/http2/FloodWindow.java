// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.util.concurrent.TimeUnit;

/** The span over which is counted what a peer may overdo: long enough for a burst of honest ones to be none. */
final class FloodWindow {

    static final long SECONDS = 30;

    static final long NANOS = TimeUnit.SECONDS.toNanos(SECONDS);

    private FloodWindow() {}
}
