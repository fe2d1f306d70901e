// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.meter.Counters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The child's end of the talk with the orchestrator: commands come on standard input, one per line, and each is answered
 * with one line on standard output. Both sides know {@code mark}, answered with {@code mark <counters>}, and
 * {@code stop}; a closed input is {@code stop} too, so that no child outlives its orchestrator.
 */
final class ControlLine {

    private ControlLine() {}

    /** What else a child can do. */
    interface Commands {

        /**
         * @return the answer
         * @throws Exception whatever went wrong: the orchestrator hears of it and gives up
         */
        String answer(String command) throws Exception;
    }

    /** Says the greeting and obeys until told to stop. */
    static void obey(String greeting, Commands commands) throws IOException {
        say(greeting);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("stop"); line = in.readLine()) {
            if (line.equals("mark")) {
                say("mark " + Counters.now().encode());
                continue;
            }
            try {
                say(commands.answer(line));
            } catch (Exception failure) {
                failure.printStackTrace();
                say("failed " + failure.getMessage());
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
