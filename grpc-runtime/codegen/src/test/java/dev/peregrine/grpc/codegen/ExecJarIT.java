// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-contained jar, started the way protoc starts it: a process of its own and no class path. */
class ExecJarIT {

    private static final Path JAR = Path.of(System.getProperty("exec.jar"));

    @TempDir
    Path folder;

    @Test
    void theJarAnswersARequestLikeTheClassesDo() throws Exception {
        Answer answer = run(Fixtures.request(Fixtures.names()).toByteArray());

        assertThat(answer.exitCode()).isZero();
        assertThat(Fixtures.sources(CodeGeneratorResponse.parseFrom(answer.output())))
                .isEqualTo(Fixtures.generate(Fixtures.names()));
    }

    @Test
    void garbageIsAnsweredWithAnErrorAndWithoutAStackTrace() throws Exception {
        Answer answer = run("garbage".getBytes(UTF_8));

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.errors())
                .contains("grpc-codegen: standard input holds 7")
                .doesNotContain("\tat ");
        assertThat(CodeGeneratorResponse.parseFrom(answer.output()).getError()).startsWith("standard input holds 7");
    }

    @Test
    void theJarHoldsNoClassThatCouldMeetAnother() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                assertThat(name.endsWith(".class") || name.endsWith(".proto"))
                        .as(name)
                        .isEqualTo(name.startsWith("dev/peregrine/grpc/codegen/") && !name.endsWith("/"));
            }
            assertThat(jar.getEntry("META-INF/licenses/protobuf-java.txt")).isNotNull();
        }
    }

    private Answer run(byte[] request) throws Exception {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(request);
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the jar did not answer within 60 seconds");
        }
        return new Answer(process.exitValue(), Files.readAllBytes(output), Files.readString(errors));
    }

    private record Answer(int exitCode, byte[] output, String errors) {}
}
