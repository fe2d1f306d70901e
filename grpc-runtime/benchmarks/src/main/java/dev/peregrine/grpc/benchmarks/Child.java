// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The orchestrator's end of the talk with one child process; see {@link ControlLine}. What the child writes to standard
 * error is shown only if it fails. Every wait is bounded.
 */
final class Child implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_ANSWER = Duration.ofSeconds(30);
    private static final Duration TO_STOP = Duration.ofSeconds(20);

    /** What the reader says after the child's last line. */
    private static final String ENDED = "(ended)";

    private final String name;
    private final Process process;
    private final Path errors;
    private final BufferedWriter commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private Child(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.commands = process.outputWriter();
        Thread reader = new Thread(this::read, name + "-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * @param name what error messages call it
     */
    static Child start(String name, List<String> command) throws IOException {
        Path errors = Files.createTempFile("side-by-side-", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        return new Child(name, process, errors);
    }

    /** What the system calls the process. */
    long pid() {
        return process.pid();
    }

    /** Waits for the greeting and returns what follows {@code ready}. */
    String greeting() throws InterruptedException {
        return await("ready", TO_START);
    }

    /** Sends a command and returns what follows the word in its answer. */
    String ask(String command, String word) throws InterruptedException {
        return ask(command, word, Duration.ZERO);
    }

    /**
     * @param work how long the command itself may take
     */
    String ask(String command, String word, Duration work) throws InterruptedException {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException gone) {
            throw failure("cannot be told \"" + command + "\": " + gone.getMessage());
        }
        return await(word, TO_ANSWER.plus(work));
    }

    /**
     * Lines that are no answer are passed over, as JVMs and libraries write notices of their own; they are shown if the
     * answer does not come.
     */
    private String await(String word, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        StringBuilder passedOver = new StringBuilder();
        while (true) {
            String line = answers.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw failure("did not say \"" + word + "\" within " + patience);
            }
            if (line.equals(word)) {
                return "";
            }
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
            if (line.equals(ENDED)) {
                throw failure("ended with code " + exitCode() + " instead of saying \"" + word + "\"; its last words:\n"
                        + passedOver);
            }
            if (line.startsWith("failed ")) {
                throw failure("said \"" + line + "\" instead of \"" + word + "\"");
            }
            passedOver.append(line).append('\n');
        }
    }

    /** 128 and the number of the signal, if one ended it; -1 if it closed its output and lives. */
    private int exitCode() throws InterruptedException {
        return process.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    private IllegalStateException failure(String what) {
        String said;
        try {
            said = Files.readString(errors);
        } catch (IOException unreadable) {
            said = unreadable.toString();
        }
        return new IllegalStateException(name + " " + what + "; its standard error:\n" + said);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(answers::add);
        } catch (IOException | UncheckedIOException closed) {
            // Closing a child closes its output under the reader: the same as its end.
        }
        answers.add(ENDED);
    }

    /** Asks the child to stop, and makes it if it does not. */
    @Override
    public void close() {
        try {
            commands.write("stop\n");
            commands.close();
        } catch (IOException gone) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(errors);
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException leftBehind) {
            // A temporary file stays where the system cleans up.
        }
    }
}
