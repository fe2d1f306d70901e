// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The Markdown tables of a run: one with what each contender cost, one with how this runtime compares. Ratios are made
 * within each round, between neighbours in time, and then summed up: what slows the machine for a while slows both.
 *
 * @param samples of each contender, one per round, in the order of the rounds
 * @param unit what is counted, such as {@code call}
 */
record Report(Map<Lineup, List<Sample>> samples, String unit) {

    /** Who is compared with whom: equals first, then the whole way from one's defaults to the other's best. */
    private static final List<Pair> PAIRS = List.of(
            new Pair(Lineup.PEREGRINE_EVENT_LOOP, Lineup.GRPC_JAVA_DIRECT),
            new Pair(Lineup.PEREGRINE_EVENT_LOOP, Lineup.GRPC_JAVA_DEFAULT),
            new Pair(Lineup.PEREGRINE_BLOCKING, Lineup.GRPC_JAVA_BLOCKING),
            new Pair(Lineup.PEREGRINE_BLOCKING, Lineup.GRPC_JAVA_DEFAULT));

    private record Pair(Lineup ours, Lineup theirs) {}

    /** Both tables, or the first alone if the contenders were not there to be compared. */
    String markdown() {
        List<Pair> pairs = PAIRS.stream()
                .filter(pair -> samples.containsKey(pair.ours) && samples.containsKey(pair.theirs))
                .toList();
        return pairs.isEmpty() ? costs() : costs() + '\n' + ratios(pairs);
    }

    /** What each contender cost. */
    private String costs() {
        List<Measure> columns = measured(Arrays.stream(Measure.values()));
        boolean ownClients = columns.contains(Measure.CLIENT_CPU);
        StringBuilder table = head(ownClients ? "server, client" : "server", columns);
        samples.forEach((contender, turns) -> row(
                table,
                ownClients ? contender.server + ", " + contender.client : contender.server,
                columns.stream()
                        .map(measure -> Spread.of(
                                turns.stream().mapToDouble(measure::of).toArray()))));
        return table.toString();
    }

    /** What this runtime costs as a part of what grpc-java costs: 0.50 is half. */
    private String ratios(List<Pair> pairs) {
        List<Measure> columns = measured(Arrays.stream(Measure.values()).filter(measure -> measure.cost));
        StringBuilder table = head("ratio", columns);
        for (Pair pair : pairs) {
            row(
                    table,
                    "`" + pair.ours.id() + "` : `" + pair.theirs.id() + "`",
                    columns.stream().map(measure -> ratio(measure, turns(pair.ours), turns(pair.theirs))));
        }
        return table.toString();
    }

    private List<Sample> turns(Lineup contender) {
        return samples.getOrDefault(contender, List.of());
    }

    private static Spread ratio(Measure measure, List<Sample> ours, List<Sample> theirs) {
        return Spread.of(IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToDouble(round -> measure.of(ours.get(round)) / measure.of(theirs.get(round)))
                .toArray());
    }

    /** Leaves out what no sample has. */
    private List<Measure> measured(Stream<Measure> measures) {
        return measures.filter(measure -> samples.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(sample -> !Double.isNaN(measure.of(sample))))
                .toList();
    }

    private StringBuilder head(String first, List<Measure> columns) {
        List<String> titles = new ArrayList<>(List.of(first));
        columns.forEach(measure -> titles.add(measure.title(unit)));
        return new StringBuilder("| ")
                .append(String.join(" | ", titles))
                .append(" |\n|---|")
                .append("---:|".repeat(columns.size()))
                .append('\n');
    }

    private static void row(StringBuilder table, String first, Stream<Spread> cells) {
        table.append("| ")
                .append(first)
                .append(" | ")
                .append(cells.map(Spread::text).collect(Collectors.joining(" | ")))
                .append(" |\n");
    }
}
