// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.server.GrpcServers;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A tool that knows nothing of the greeter asks it what it serves, by reflection, and calls it: {@code buf curl}, in
 * plaintext and over TLS. With {@code -Pforeign}, which installs the tool.
 */
@Timeout(300)
@SpringBootTest(
        properties = {
            "grpc.server.address=127.0.0.1",
            "grpc.server.port=0",
            "grpc.server.reflection.enabled=true",
            "grpc.server.services=*",
            "grpc.servers.https.address=127.0.0.1",
            "grpc.servers.https.port=0",
            "grpc.servers.https.services=*",
            "grpc.servers.https.ssl.bundle=greeter",
            "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}"
        })
class BufCurlIT {

    private static final String GREETER = "samples.greeter.Greeter";

    @TempDir
    private static Path files;

    @Autowired
    private GrpcServers servers;

    @DynamicPropertySource
    static void certificate(DynamicPropertyRegistry properties) throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path chain = Files.writeString(files.resolve("greeter.crt"), certificate.getCertificatePathPEM());
        Path key = Files.writeString(files.resolve("greeter.key"), certificate.getPrivateKeyPEM());
        String keystore = "spring.ssl.bundle.pem.greeter.keystore.";
        properties.add(keystore + "certificate", chain::toUri);
        properties.add(keystore + "private-key", key::toUri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void itListsTheServices(String scheme) throws Exception {
        assertThat(curl(scheme, "", "--list-services")).contains(GREETER, "grpc.health.v1.Health");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void itListsTheMethods(String scheme) throws Exception {
        assertThat(curl(scheme, "", "--list-methods"))
                .contains(GREETER + "/SayHello", GREETER + "/SayHelloEverywhere", GREETER + "/SayHelloToEach");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void itAsksOnceAndIsAnsweredOnce(String scheme) throws Exception {
        assertThat(curl(scheme, "/" + GREETER + "/SayHello", "--data", "{\"name\": \"Ada\"}"))
                .contains("\"Hello, Ada!\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void itAsksOnceAndIsAnsweredOften(String scheme) throws Exception {
        assertThat(curl(scheme, "/" + GREETER + "/SayHelloEverywhere", "--data", "{\"name\": \"Ada\"}"))
                .contains("\"Hello, Ada!\"", "\"Ciao, Ada!\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void itAsksOftenAndIsAnsweredOnce(String scheme) throws Exception {
        assertThat(curl(
                        scheme,
                        "/" + GREETER + "/SayHelloToAll",
                        "--data",
                        "{\"name\": \"Ada\"} {\"name\": \"Grace\"}"))
                .contains("\"Hello, Ada and Grace!\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void itAsksOftenAndIsAnsweredOften(String scheme) throws Exception {
        assertThat(curl(
                        scheme,
                        "/" + GREETER + "/SayHelloToEach",
                        "--data",
                        "{\"name\": \"Ada\"} {\"name\": \"Grace\"}"))
                .contains("\"Hello, Ada!\"", "\"Hello, Grace!\"");
    }

    /** What the tool prints; fails if it fails, or does not end. */
    private String curl(String scheme, String path, String... arguments) throws IOException, InterruptedException {
        boolean tls = scheme.equals("https");
        List<String> command = new ArrayList<>(List.of(tool().toString(), "curl", "--protocol", "grpc"));
        if (tls) {
            command.addAll(List.of("--cacert", files.resolve("greeter.crt").toString()));
        }
        command.addAll(List.of(arguments));
        command.add(scheme + "://localhost:" + servers.port(tls ? "https" : GrpcServers.DEFAULT) + path);

        Path said = Files.createTempFile(files, "buf", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("BUF_CACHE_DIR", files.toString());
        // A proxy for the world outside has no business between two programs on one machine.
        List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY").forEach(builder.environment()::remove);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("buf ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(said);
        assertThat(process.exitValue())
                .as(String.join(" ", command) + " said:\n" + output)
                .isZero();
        return output;
    }

    private static Path tool() {
        String tools = System.getProperty("foreign.tools");
        assertThat(tools).as("the property foreign.tools; run with -Pforeign").isNotNull();
        return Path.of(tools, "node_modules", ".bin", "buf").toAbsolutePath();
    }
}
