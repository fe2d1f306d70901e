// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Security;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where and on what a run was made: numbers without it mean nothing. */
final class Environment {

    private Environment() {}

    /** One line of text. */
    static String describe(Options options, Jvms jvms) throws IOException, InterruptedException {
        String pinned = jvms.cores()
                .map(cores -> "server on core " + cores.server() + ", client on core " + cores.client())
                .orElse("not pinned");
        return String.join(
                "; ",
                LocalDate.now(ZoneOffset.UTC).toString(),
                "commit " + System.getProperty("benchmarks.commit", "unknown"),
                jvm(jvms.java()) + " " + String.join(" ", Jvms.FLAGS),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors() + " cores (" + processor() + "), " + pinned,
                options.scenario().id() + ": " + options.workload()
                        + (options.tls() == Security.Tls.OFF
                                ? ""
                                : ", TLS by " + options.tls().id()),
                options.rounds() + " rounds of " + options.warmUp().calls() + " "
                        + options.workload().unit() + "s to warm up and "
                        + options.measured().calls() + " (at most "
                        + options.measured().time().toSeconds() + " s) to measure");
    }

    /** The last line of {@code java -version} names the virtual machine and its build. */
    private static String jvm(Path java) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(java.toString(), "-version")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(java + " -version said: " + output);
        }
        return output.substring(output.lastIndexOf('\n') + 1);
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }
}
