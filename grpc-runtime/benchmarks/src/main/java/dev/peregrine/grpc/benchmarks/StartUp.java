// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.ApplicationRun.Figures;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures how long applications take from the start of their process to the answer of their first call, and what memory
 * they hold. {@code bin/start-up} builds them and calls this: {@code --rounds=7 --calls=1000 name=jar[,flag...] ...}.
 * Applications take turns; a first round warms the caller up and does not count.
 */
public final class StartUp {

    /** The same collector and heap for all. */
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m");

    private static final double MILLISECOND = 1e6;
    private static final double MEGABYTE = 1 << 20;

    private static final Map<String, ToDoubleFunction<Figures>> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("first answer, ms", figures -> figures.toAnswer() / MILLISECOND);
        COLUMNS.put("CPU until then, ms", figures -> figures.cpu() / MILLISECOND);
        COLUMNS.put("RSS, MiB", figures -> figures.fresh().resident() / MEGABYTE);
        COLUMNS.put("heap, MiB", figures -> figures.fresh().heap() / MEGABYTE);
        COLUMNS.put("RSS after the calls, MiB", figures -> figures.used().resident() / MEGABYTE);
        COLUMNS.put("heap after the calls, MiB", figures -> figures.used().heap() / MEGABYTE);
    }

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Map<String, List<String>> applications = new LinkedHashMap<>();
    private final Map<String, List<Figures>> figures = new LinkedHashMap<>();
    private int rounds = 7;
    private int calls = 1000;

    private StartUp(String[] arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            switch (name) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--calls" -> calls = Integer.parseInt(value);
                default -> applications.put(name, Arrays.asList(value.split(",")));
            }
        }
        if (applications.isEmpty()) {
            throw new IllegalArgumentException("arguments: " + String.join(" ", arguments)
                    + " (expected: [--rounds=n] [--calls=n] name=jar[,flag...] ...)");
        }
    }

    public static void main(String[] arguments) throws Exception {
        StartUp run = new StartUp(arguments);
        run.run(System.err);
        System.out.println(run.table());
    }

    private void run(PrintStream progress) throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, List<String>> application : applications.entrySet()) {
                Figures life = live(application.getValue());
                progress.println("round " + round + ", " + application.getKey() + ": " + life);
                if (round > 0) {
                    figures.computeIfAbsent(application.getKey(), first -> new ArrayList<>())
                            .add(life);
                }
            }
        }
    }

    private Figures live(List<String> jarAndFlags) throws Exception {
        List<String> flags = new ArrayList<>(FLAGS);
        flags.addAll(jarAndFlags.subList(1, jarAndFlags.size()));
        try (ApplicationRun run = ApplicationRun.start(java, flags, Path.of(jarAndFlags.get(0)))) {
            return run.measure(calls);
        }
    }

    /** Medians, and in parentheses the least and the most. */
    private String table() {
        StringBuilder table = new StringBuilder("| application | ")
                .append(String.join(" | ", COLUMNS.keySet()))
                .append(" |\n|---|")
                .append("---:|".repeat(COLUMNS.size()));
        figures.forEach((application, lives) -> {
            table.append("\n| ").append(application).append(" |");
            COLUMNS.values()
                    .forEach(column -> table.append(' ')
                            .append(Spread.of(lives.stream().mapToDouble(column).toArray())
                                    .text())
                            .append(" |"));
        });
        return table.toString();
    }
}
