// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Calls of a blocking client: as many threads as calls under way, each waiting for its answer. The threads live as long
 * as the load, so that on JDK 17 what they allocated is still there to be counted after a run.
 */
public final class ThreadLoad implements Load {

    private final Workload workload;
    private final Supplier<Caller> caller;
    private final Runnable close;
    private final ExecutorService callers;

    /**
     * @param caller makes what one thread calls with
     */
    public ThreadLoad(Workload workload, Supplier<Caller> caller, Runnable close) {
        this.workload = workload;
        this.caller = caller;
        this.close = close;
        this.callers = Executors.newFixedThreadPool(workload.outstanding(), CallerThreads.factory());
    }

    @Override
    public long run(Budget budget) throws InterruptedException {
        Tally tally = new Tally(budget, workload);
        for (int i = 0; i < workload.outstanding(); i++) {
            callers.execute(() -> callUntilOver(tally));
        }
        return tally.await();
    }

    /** What one thread calls with. */
    public interface Caller extends AutoCloseable {

        /** Makes a call, or the next exchange of one that stays open, and waits for its last answer. */
        EchoMessage echo();

        @Override
        default void close() {}
    }

    private void callUntilOver(Tally tally) {
        try (Caller own = caller.get()) {
            while (tally.mayCall()) {
                tally.answered(own.echo());
            }
        } catch (RuntimeException | Error failure) {
            tally.failed(failure);
        } finally {
            tally.laneEnds();
        }
    }

    @Override
    public void close() {
        callers.shutdown();
        close.run();
    }
}
