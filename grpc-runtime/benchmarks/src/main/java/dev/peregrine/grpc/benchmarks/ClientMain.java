// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.Workload;
import java.time.Duration;

/**
 * The client's JVM: {@code ClientMain <contender> <port> <workload>}. It greets with {@code ready};
 * {@code run <calls> <milliseconds>} makes calls within that budget and is answered with {@code ran <calls> <nanoseconds>}.
 */
public final class ClientMain {

    private ClientMain() {}

    public static void main(String[] arguments) throws Exception {
        Workload workload = Workload.parse(arguments[2]);
        try (Load load = Lineup.byId(arguments[0]).create().connect(Integer.parseInt(arguments[1]), workload)) {
            ControlLine.obey("ready", command -> run(load, command));
        }
        System.exit(0);
    }

    private static String run(Load load, String command) throws InterruptedException {
        String[] words = command.split(" ");
        if (words.length != 3 || !words[0].equals("run")) {
            throw new IllegalArgumentException(
                    "client command: " + command + " (expected: run <calls> <milliseconds>, mark or stop)");
        }
        Budget budget = new Budget(Long.parseLong(words[1]), Duration.ofMillis(Long.parseLong(words[2])));
        long start = System.nanoTime();
        long calls = load.run(budget);
        return "ran " + calls + " " + (System.nanoTime() - start);
    }
}
