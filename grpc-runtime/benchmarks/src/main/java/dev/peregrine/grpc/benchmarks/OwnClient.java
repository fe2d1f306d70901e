// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.meter.Counters;

/** The contender's own client, in a {@link ClientMain}. */
record OwnClient(Child child) implements EchoClient {

    @Override
    public Ran run(Budget budget) throws InterruptedException {
        String command = "run " + budget.calls() + " " + budget.time().toMillis();
        String[] numbers = child.ask(command, "ran", budget.time()).split(" ");
        return new Ran(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    @Override
    public Counters mark() throws InterruptedException {
        return Counters.parse(child.ask("mark", "mark"));
    }

    @Override
    public void close() {
        child.close();
    }
}
