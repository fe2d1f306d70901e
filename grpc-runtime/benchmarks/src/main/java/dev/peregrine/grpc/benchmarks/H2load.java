// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.meter.Counters;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A foreign client, the same for all servers: nghttp2's {@code h2load}. It repeats one request and knows nothing of
 * gRPC, so the answers are checked by their sum: each must carry as many bytes as the request.
 */
final class H2load implements EchoClient {

    private static final Pattern SUCCEEDED = Pattern.compile("requests: .* (\\d+) succeeded");
    private static final Pattern RATE = Pattern.compile("([\\d.]+) req/s");
    private static final Pattern DATA = Pattern.compile("traffic: .*\\((\\d+)\\) data");

    private final List<String> command;
    private final UnaryOperator<List<String>> pin;
    private final String address;
    private final Path body;
    private final long bodyBytes;

    private H2load(List<String> command, UnaryOperator<List<String>> pin, String address, Path body, long bodyBytes) {
        this.command = command;
        this.pin = pin;
        this.address = address;
        this.body = body;
        this.bodyBytes = bodyBytes;
    }

    /**
     * @param pin puts a command on the client's core
     */
    static H2load to(int port, Workload workload, UnaryOperator<List<String>> pin) throws IOException {
        Path body = Files.createTempFile("side-by-side-", ".body");
        byte[] request = lengthPrefixed(workload.request());
        Files.write(body, request);
        List<String> command = List.of(
                "h2load",
                "--clients=" + workload.connections(),
                "--threads=1",
                "--max-concurrent-streams=" + workload.outstanding() / workload.connections(),
                "--header=content-type: application/grpc",
                "--header=te: trailers",
                "--data=" + body);
        String address = "http://127.0.0.1:" + port + "/peregrine.benchmarks.Echo/UnaryEcho";
        return new H2load(command, pin, address, body, request.length);
    }

    /** gRPC over HTTP/2: Length-Prefixed-Message → Compressed-Flag Message-Length Message. */
    private static byte[] lengthPrefixed(EchoMessage message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    @Override
    public Ran run(Budget budget) throws IOException, InterruptedException {
        List<String> full = new ArrayList<>(command);
        full.add("--requests=" + budget.calls());
        full.add(address);
        Path output = Files.createTempFile("side-by-side-", ".h2load");
        try {
            Duration patience = budget.time().multipliedBy(4);
            Process process = new ProcessBuilder(pin.apply(full))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("h2load made fewer than " + budget.calls() + " calls in " + patience
                        + ": ask for fewer calls or give it more seconds");
            }
            return read(Files.readString(output), budget.calls(), bodyBytes);
        } finally {
            Files.delete(output);
        }
    }

    /**
     * What h2load prints at its end.
     *
     * @throws IllegalStateException if not all were answered with a whole message
     */
    static Ran read(String output, long calls, long bytesEach) {
        long succeeded = Long.parseLong(find(SUCCEEDED, output));
        long data = Long.parseLong(find(DATA, output));
        if (succeeded != calls || data != calls * bytesEach) {
            throw new IllegalStateException("h2load had " + succeeded + " answers with " + data + " bytes (expected: "
                    + calls + " with " + calls * bytesEach + "); it said:\n" + output);
        }
        return new Ran(succeeded, Math.round(succeeded / Double.parseDouble(find(RATE, output)) * 1e9));
    }

    private static String find(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("h2load did not print \"" + pattern + "\"; it said:\n" + output);
        }
        return matcher.group(1);
    }

    @Override
    public @Nullable Counters mark() {
        return null;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(body);
        } catch (IOException leftBehind) {
            // A temporary file stays where the system cleans up.
        }
    }
}
