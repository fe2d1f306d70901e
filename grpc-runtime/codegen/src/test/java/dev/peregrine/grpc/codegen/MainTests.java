// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class MainTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream warnings = new ByteArrayOutputStream();

    @Test
    void aRequestIsAnsweredWithFiles() throws Exception {
        int exitCode = run(Fixtures.request("helloworld/helloworld.proto").toByteArray(), out);

        assertThat(exitCode).isZero();
        assertThat(Fixtures.sources(CodeGeneratorResponse.parseFrom(out.toByteArray())))
                .containsOnlyKeys("fixture/helloworld/Greeter.java");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheFilesIsProtocsToReport() throws Exception {
        int exitCode = run(Fixtures.request("missing.proto").toByteArray(), out);

        assertThat(exitCode).isZero();
        assertThat(CodeGeneratorResponse.parseFrom(out.toByteArray()).getError())
                .startsWith("protoc asked for code from missing.proto");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aRequestThatCannotBeReadIsAlsoSaidOnStandardErrorAndFails() throws Exception {
        int exitCode = run("garbage".getBytes(UTF_8), out);

        assertThat(exitCode).isEqualTo(1);
        String error = CodeGeneratorResponse.parseFrom(out.toByteArray()).getError();
        assertThat(error)
                .startsWith("standard input holds 7 bytes that are no CodeGeneratorRequest")
                .endsWith("this program is a protoc plugin and is started by protoc");
        assertThat(warnings()).isEqualTo("grpc-codegen: " + error + System.lineSeparator());
    }

    @Test
    void unknownOptionsAreWarnedAboutOnStandardError() {
        int exitCode = run(
                Fixtures.request("no_service.proto").toBuilder()
                        .setParameter("@generated=omit")
                        .build()
                        .toByteArray(),
                out);

        assertThat(exitCode).isZero();
        assertThat(warnings())
                .isEqualTo("grpc-codegen: ignoring the unknown option '@generated=omit': this plugin has no options"
                        + System.lineSeparator());
    }

    @Test
    void aLostConnectionToProtocIsSaidInOneLine() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };

        int exitCode = run(Fixtures.request("no_service.proto").toByteArray(), broken);

        assertThat(exitCode).isEqualTo(1);
        assertThat(warnings())
                .isEqualTo("grpc-codegen: lost the connection to protoc: broken pipe" + System.lineSeparator());
    }

    private int run(byte[] in, OutputStream to) {
        return Main.run(new ByteArrayInputStream(in), to, new PrintStream(warnings, true, UTF_8));
    }

    private String warnings() {
        return warnings.toString(UTF_8);
    }
}
