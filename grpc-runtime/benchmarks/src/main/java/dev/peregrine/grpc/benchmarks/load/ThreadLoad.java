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
    private final Supplier<EchoMessage> echo;
    private final Runnable close;
    private final ExecutorService callers;

    /**
     * @param echo makes a call and waits for the answer
     */
    public ThreadLoad(Workload workload, Supplier<EchoMessage> echo, Runnable close) {
        this.workload = workload;
        this.echo = echo;
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

    private void callUntilOver(Tally tally) {
        try {
            while (tally.mayCall()) {
                tally.answered(echo.get());
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
