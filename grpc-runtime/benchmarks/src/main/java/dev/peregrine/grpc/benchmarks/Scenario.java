// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.load.Workload.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What contenders can be asked to do, each with a count that takes some seconds. */
enum Scenario {
    /** What most services do all day. */
    UNARY(Workload.unary(64, 64), 500_000),
    /** Many small messages in one direction: what a message costs when a call costs nothing. */
    SERVER_STREAMING(new Workload(Shape.SERVER_STREAMING, 1, 16, 64, 100), 2_000_000),
    /** One small message back and forth on calls that stay open. */
    PING_PONG(new Workload(Shape.PING_PONG, 1, 64, 64, 1), 500_000),
    /** Messages of several frames. */
    LARGE_64K(Workload.unary(8, 64 << 10), 50_000),
    /** Messages larger than the windows that most peers start with. */
    LARGE_1M(Workload.unary(4, 1 << 20), 3_000),
    /** One call on each of many connections: no batch is shared. */
    MANY_CONNECTIONS(new Workload(Shape.UNARY, 64, 64, 64, 1), 300_000);

    final Workload workload;

    /** Calls, or messages where these are counted, for the warm-up, and again to measure. */
    final int count;

    Scenario(Workload workload, int count) {
        this.workload = workload;
        this.count = count;
    }

    /** The name on command lines, such as {@code ping-pong}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @throws IllegalArgumentException if no scenario is called so; the message names all
     */
    static Scenario byId(String id) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scenario: " + id + " (expected one of: "
                        + Arrays.stream(values()).map(Scenario::id).collect(Collectors.joining(", ")) + ")"));
    }
}
