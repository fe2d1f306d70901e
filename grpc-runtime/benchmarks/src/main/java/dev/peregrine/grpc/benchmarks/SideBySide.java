// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.contender.Security;
import dev.peregrine.grpc.benchmarks.load.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures all contenders in turns and prints Markdown tables on standard output, progress on standard error.
 *
 * <p>A round gives every contender one turn, one after the other, so that a disturbance of the machine meets
 * neighbours, not one contender alone. Each turn has its own two JVMs: no contender inherits another one's heap,
 * compiled code or threads, and what the JIT makes of one start is not taken for the truth.
 */
public final class SideBySide {

    private final Options options;
    private final Jvms jvms;
    private final PrintStream progress;

    SideBySide(Options options, PrintStream progress) throws Exception {
        this.options = options;
        this.jvms = new Jvms(options.java(), Cores.find(), Security.create(options.tls()));
        this.progress = progress;
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException misunderstood) {
            System.err.println(misunderstood.getMessage());
            System.exit(2);
            return;
        }
        SideBySide run = new SideBySide(options, System.err);
        System.out.println(Environment.describe(options, run.jvms));
        if (options.ownClients()) {
            System.out.println("\nEach server under its own client:\n\n"
                    + run.underOwnClients().markdown());
        }
        // h2load knows no other calls, and is asked for plaintext only.
        boolean known = options.workload().shape() == Workload.Shape.UNARY && options.tls() == Security.Tls.OFF;
        if (options.foreignClient() && known && Programs.find("h2load").isPresent()) {
            System.out.println(
                    "\nAll servers under h2load:\n\n" + run.underForeignClient().markdown());
        }
    }

    Report underOwnClients() throws IOException, InterruptedException {
        return rounds(options.contenders(), Turn::own);
    }

    Report underForeignClient() throws IOException, InterruptedException {
        List<Lineup> servers = options.contenders().stream()
                .filter(contender -> !contender.sharesServer())
                .toList();
        return rounds(servers, Turn::foreign);
    }

    private interface Taking {
        Sample take(Turn turn) throws IOException, InterruptedException;
    }

    private Report rounds(List<Lineup> contenders, Taking taking) throws IOException, InterruptedException {
        Map<Lineup, List<Sample>> samples = new EnumMap<>(Lineup.class);
        for (int round = 1; round <= options.rounds(); round++) {
            for (Lineup contender : contenders) {
                Sample sample = taking.take(new Turn(contender, options, jvms));
                samples.computeIfAbsent(contender, first -> new ArrayList<>()).add(sample);
                progress.println("round " + round + ", " + contender.id() + ": " + sample);
            }
        }
        return new Report(samples, options.workload().unit());
    }
}
