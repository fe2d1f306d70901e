// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.meter.Counters;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A process that calls the server of the turn. */
interface EchoClient extends AutoCloseable {

    /** Makes calls and waits for the answers. */
    Ran run(Budget budget) throws IOException, InterruptedException;

    /** What the process used so far, or null if it does not tell. */
    @Nullable
    Counters mark() throws InterruptedException;

    @Override
    void close();

    /**
     * @param calls calls that were answered
     * @param nanos how long they took, by the clock
     */
    record Ran(long calls, long nanos) {}
}
