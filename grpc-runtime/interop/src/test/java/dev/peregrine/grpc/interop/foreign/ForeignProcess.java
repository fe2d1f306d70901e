// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program in a process of its own. What it says is kept; every wait has an end; closing it ends it. Servers of ours end by
 * themselves when this process does, because their standard input is a pipe from here.
 */
final class ForeignProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    private final List<String> command;
    private final Process process;
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private ForeignProcess(List<String> command, Map<String, String> environment) throws IOException {
        this.command = command;
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        // A proxy for the world outside has no business between two programs on one machine.
        List.of("http_proxy", "https_proxy", "grpc_proxy", "HTTP_PROXY", "HTTPS_PROXY")
                .forEach(builder.environment()::remove);
        process = builder.start();
        reader = new Thread(this::read, "reader of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    static ForeignProcess start(List<String> command, Map<String, String> environment) throws IOException {
        return new ForeignProcess(command, environment);
    }

    /** The port of 127.0.0.1 that a server says it listens on. */
    int port() throws InterruptedException {
        try {
            return port.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            throw new AssertionError("no server is listening: " + told(), silent);
        }
    }

    /** Waits until the program ends by itself, with exit code 0; returns what it said. */
    String expectSuccess(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not done after " + patience.toSeconds() + " seconds: " + told());
        }
        reader.join(START.toMillis());
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ": " + told());
        }
        return String.join("\n", said);
    }

    private String told() {
        return String.join(" ", command) + " said:\n" + String.join("\n", said);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.parseInt(matcher.group(1)));
                }
            }
        } catch (IOException | UncheckedIOException ended) {
            said.add("(" + ended + ")");
        }
        port.completeExceptionally(new IOException("the program has ended"));
    }

    @Override
    public void close() throws InterruptedException, IOException {
        process.getOutputStream().close();
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
    }
}
