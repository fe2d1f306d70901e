// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import dev.peregrine.grpc.benchmarks.proto.EchoMessage;

/** Calls of an asynchronous client: each answer starts the lane's next call, on the thread that brought the answer. */
public final class CallbackLoad implements Load {

    private final Workload workload;
    private final AsyncEcho echo;
    private final Runnable close;

    public CallbackLoad(Workload workload, AsyncEcho echo, Runnable close) {
        this.workload = workload;
        this.echo = echo;
        this.close = close;
    }

    @Override
    public long run(Budget budget) throws InterruptedException {
        Tally tally = new Tally(budget, workload);
        for (int i = 0; i < workload.outstanding(); i++) {
            new Lane(tally).next();
        }
        return tally.await();
    }

    @Override
    public void close() {
        close.run();
    }

    /** How a contender makes an asynchronous call. */
    public interface AsyncEcho {

        /**
         * Prepares what is the same for all calls of a lane, so that the load itself allocates nothing per call.
         *
         * @return the lane's calls
         */
        Calls calls(Outcome outcome);
    }

    /** The calls of one lane. */
    public interface Calls {

        /** Makes the next call, or the next exchange of a call that stays open, and tells the outcome. */
        void next();

        /** There will be no next one. */
        default void end() {}
    }

    /** Told once per call or exchange, on any thread. */
    public interface Outcome {

        void answered(EchoMessage answer);

        void failed(Throwable reason);
    }

    private final class Lane implements Outcome {

        private final Tally tally;
        private final Calls calls = echo.calls(this);

        private Lane(Tally tally) {
            this.tally = tally;
        }

        private void next() {
            if (tally.mayCall()) {
                calls.next();
            } else {
                calls.end();
                tally.laneEnds();
            }
        }

        @Override
        public void answered(EchoMessage answer) {
            tally.answered(answer);
            next();
        }

        @Override
        public void failed(Throwable reason) {
            tally.failed(reason);
            tally.laneEnds();
        }
    }
}
