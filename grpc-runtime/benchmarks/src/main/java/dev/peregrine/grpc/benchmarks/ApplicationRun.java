// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import com.google.protobuf.ByteString;
import dev.peregrine.grpc.benchmarks.meter.ProcessTime;
import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.client.ManagedChannel;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One life of an application that serves {@code Echo}: from its start to its first answer, and what it holds then. */
final class ApplicationRun implements AutoCloseable {

    private static final Duration TO_START = Duration.ofMinutes(2);
    private static final Duration TO_ANSWER = Duration.ofSeconds(30);
    private static final long SECONDS_TO_STOP = 20;
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path java;
    private final Process process;
    private final InetSocketAddress address;
    private final File output;
    private final long started;

    private ApplicationRun(Path java, Process process, InetSocketAddress address, File output, long started) {
        this.java = java;
        this.process = process;
        this.address = address;
        this.output = output;
        this.started = started;
    }

    /**
     * What one life was like.
     *
     * @param toAnswer nanoseconds from the start of the process to the answer of its first call
     * @param cpu nanoseconds of processor time that it took for that
     * @param fresh what it held after the first call
     * @param used what it held after {@code calls} more
     */
    record Figures(long toAnswer, long cpu, ProcessMemory fresh, ProcessMemory used) {}

    /** Starts the jar with these flags; it listens where {@code --port} says. */
    static ApplicationRun start(Path java, List<String> flags, Path jar) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString(), "--port=" + address.getPort()));
        File output = Files.createTempFile("start-up-", ".out").toFile();
        long started = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        return new ApplicationRun(java, process, address, output, started);
    }

    /**
     * @param calls how many to make between the two looks at its memory
     */
    Figures measure(int calls) throws IOException, InterruptedException {
        awaitListening();
        try (ManagedChannel channel =
                ManagedChannel.builder("127.0.0.1:" + address.getPort()).build()) {
            Echo.Client echo = Echo.Client.create(channel).withDeadlineAfter(TO_ANSWER);
            call(echo);
            long toAnswer = System.nanoTime() - started;
            long cpu = ProcessTime.cpuNanos(process.pid());
            ProcessMemory fresh = ProcessMemory.afterCollection(java, process.pid());
            Echo.Client later = Echo.Client.create(channel).withDeadlineAfter(TO_START);
            for (int i = 0; i < calls; i++) {
                call(later);
            }
            return new Figures(toAnswer, cpu, fresh, ProcessMemory.afterCollection(java, process.pid()));
        }
    }

    private static void call(Echo.Client echo) {
        EchoMessage request = EchoMessage.newBuilder()
                .setPayload(ByteString.copyFromUtf8("sixty-four bytes".repeat(4)))
                .build();
        EchoMessage answer = echo.unaryEcho(request);
        if (!answer.equals(request)) {
            throw new IllegalStateException("asked " + request + ", answered " + answer);
        }
    }

    private void awaitListening() throws IOException {
        long end = started + TO_START.toNanos();
        while (System.nanoTime() - end < 0 && process.isAlive()) {
            try (SocketChannel connected = SocketChannel.open(address)) {
                return;
            } catch (IOException notYet) {
                LockSupport.parkNanos(BETWEEN_LOOKS);
            }
        }
        throw new IOException(
                "nobody listens at " + address + "; the application said:\n" + Files.readString(output.toPath()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Files.deleteIfExists(output.toPath());
    }
}
