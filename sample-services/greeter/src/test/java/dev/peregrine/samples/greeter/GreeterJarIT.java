// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application, in a process of its own: it starts, calls itself in all four ways, and ends. */
class GreeterJarIT {

    private static final int MINUTES_AT_MOST = 3;

    @TempDir
    private Path directory;

    @Test
    void theJarGreets() throws Exception {
        assertThat(run()).contains("Starting GreeterApplication", "<- Hello, Ada!", "<- Hello, Frances!");
    }

    @Test
    void whatWasProcessedAheadOfTimeGreetsAsWell() throws Exception {
        assertThat(run("-Dspring.aot.enabled=true"))
                .contains("Starting AOT-processed GreeterApplication", "<- Hello, Ada!", "<- Hello, Frances!");
    }

    /** What it said, if it ended well. */
    private String run(String... options) throws IOException, InterruptedException {
        File output = directory.resolve("output").toFile();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-jar",
                System.getProperty("greeter.jar"),
                "--grpc.server.address=127.0.0.1",
                "--grpc.server.port=0",
                "--grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}",
                "--grpc.client.default.deadline=1m"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES))
                    .as("ended within %d minutes, having said:%n%s", MINUTES_AT_MOST, Files.readString(output.toPath()))
                    .isTrue();
            String said = Files.readString(output.toPath());
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
