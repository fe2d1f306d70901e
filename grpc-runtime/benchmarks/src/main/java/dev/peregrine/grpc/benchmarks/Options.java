// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.contender.Security;
import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.load.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What to measure.
 *
 * @param java the {@code java} of the children (default: the one that runs the orchestrator)
 * @param rounds turns of each contender (default 5)
 * @param scenario where workload and budgets come from (default: unary)
 * @param workload the calls (default: the scenario's)
 * @param warmUp what each turn does first, uncounted (default: the scenario's calls, 30 seconds)
 * @param measured what each turn does then (default: the scenario's calls, 15 seconds)
 * @param contenders who takes part, in this order (default: all)
 * @param ownClients whether to measure each server under its own client (default true)
 * @param foreignClient whether to measure the servers under {@code h2load} too, if it is installed and there is no TLS (default true)
 * @param tls whose TLS is between clients and servers (default: none)
 */
record Options(
        Path java,
        int rounds,
        Scenario scenario,
        Workload workload,
        Budget warmUp,
        Budget measured,
        List<Lineup> contenders,
        boolean ownClients,
        boolean foreignClient,
        Security.Tls tls) {

    static final Options DEFAULT = new Options(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            5,
            Scenario.UNARY,
            Scenario.UNARY.workload,
            new Budget(Scenario.UNARY.count, Duration.ofSeconds(30)),
            new Budget(Scenario.UNARY.count, Duration.ofSeconds(15)),
            List.of(Lineup.values()),
            true,
            true,
            Security.Tls.OFF);

    static final String USAGE = """
            Options, each as --name=value:
              java         path of the java that runs servers and clients    (default: this one)
              rounds       turns of each contender                           (default: 5)
              scenario     what is asked of them; sets the next five         (default: unary), one of
                           unary, server-streaming, ping-pong, large-64k, large-1m, many-connections
              connections  how many there are                                (unary: 1)
              outstanding  calls always under way, on all of them            (unary: 64)
              payload      bytes in each message                             (unary: 64)
              warmup       calls, or streamed messages, before the measurement (unary: 500000)
              calls        calls, or streamed messages, measured at most     (unary: 500000)
              seconds      time of a measurement, at most; twice as much for the warm-up (default: 15)
              contenders   ids, separated by commas                          (default: all)
              client       own, h2load or both                               (default: both, if h2load is installed)
              tls          off, jdk or boringssl; h2load takes no part then  (default: off)
            """;

    Options {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: " + rounds + " (expected: >= 1)");
        }
        contenders = List.copyOf(contenders);
    }

    /**
     * @throws IllegalArgumentException if an argument is not understood; the message says which and what would be
     */
    static Options parse(String... arguments) {
        Options options = DEFAULT;
        for (String argument : scenarioFirst(arguments)) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("argument: " + argument + " (expected: --name=value)\n" + USAGE);
            }
            options = options.with(argument.substring(2, equals), argument.substring(equals + 1));
        }
        return options;
    }

    /** A scenario sets what other options change, wherever it stands. */
    private static List<String> scenarioFirst(String... arguments) {
        return Arrays.stream(arguments)
                .sorted(Comparator.comparing(argument -> !argument.startsWith("--scenario=")))
                .toList();
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "java" ->
                new Options(
                        Path.of(value),
                        rounds,
                        scenario,
                        workload,
                        warmUp,
                        measured,
                        contenders,
                        ownClients,
                        foreignClient,
                        tls);
            case "rounds" ->
                new Options(
                        java,
                        number(name, value),
                        scenario,
                        workload,
                        warmUp,
                        measured,
                        contenders,
                        ownClients,
                        foreignClient,
                        tls);
            case "scenario" -> {
                Scenario chosen = Scenario.byId(value);
                yield new Options(
                        java,
                        rounds,
                        chosen,
                        chosen.workload,
                        new Budget(chosen.count, warmUp.time()),
                        new Budget(chosen.count, measured.time()),
                        contenders,
                        ownClients,
                        foreignClient,
                        tls);
            }
            case "connections" -> {
                int connections = number(name, value);
                yield with(calls(connections, Math.max(connections, workload.outstanding()), workload.payloadBytes()));
            }
            case "outstanding" -> with(calls(workload.connections(), number(name, value), workload.payloadBytes()));
            case "payload" -> with(calls(workload.connections(), workload.outstanding(), number(name, value)));
            case "warmup" -> with(workload, new Budget(number(name, value), warmUp.time()), measured);
            case "calls" -> with(workload, warmUp, new Budget(number(name, value), measured.time()));
            case "seconds" -> {
                Duration time = Duration.ofSeconds(number(name, value));
                Budget longer = new Budget(warmUp.calls(), time.multipliedBy(2));
                yield with(workload, longer, new Budget(measured.calls(), time));
            }
            case "contenders" -> {
                List<Lineup> chosen =
                        Arrays.stream(value.split(",")).map(Lineup::byId).toList();
                yield new Options(
                        java, rounds, scenario, workload, warmUp, measured, chosen, ownClients, foreignClient, tls);
            }
            case "client" -> withClient(value);
            case "tls" ->
                new Options(
                        java,
                        rounds,
                        scenario,
                        workload,
                        warmUp,
                        measured,
                        contenders,
                        ownClients,
                        foreignClient,
                        Security.Tls.byId(value));
            default -> throw new IllegalArgumentException("unknown option --" + name + "\n" + USAGE);
        };
    }

    private Workload calls(int connections, int outstanding, int payloadBytes) {
        return new Workload(workload.shape(), connections, outstanding, payloadBytes, workload.answers());
    }

    private Options with(Workload workload) {
        return with(workload, warmUp, measured);
    }

    private Options with(Workload workload, Budget warmUp, Budget measured) {
        return new Options(
                java, rounds, scenario, workload, warmUp, measured, contenders, ownClients, foreignClient, tls);
    }

    private Options withClient(String value) {
        boolean own = value.equals("own") || value.equals("both");
        boolean foreign = value.equals("h2load") || value.equals("both");
        if (!own && !foreign) {
            throw new IllegalArgumentException("--client=" + value + " (expected: own, h2load or both)");
        }
        return new Options(java, rounds, scenario, workload, warmUp, measured, contenders, own, foreign, tls);
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("--" + name + "=" + value + " (expected: a whole number)");
        }
    }
}
