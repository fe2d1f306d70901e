// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.fixture.HelloService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Certificates in the properties of other starters, on a server that would do without them. */
class LostServerEncryptionTests {

    private final ApplicationContextRunner runner = ServerRunners.runner().withBean(Greeting.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grpc.server.security.certificate-chain",
                "grpc.server.security.privateKey",
                "grpc.server.security.key-store",
                "grpc.security.cert-chain",
                "grpc.security.private-key",
                "spring.grpc.server.ssl.bundle"
            })
    void tlsThatWouldSilentlyBePlaintextIsRefused(String name) {
        runner.withPropertyValues(name + "=file:server.pem").run(context -> {
            assertThat(analysisOf(context).getDescription()).endsWith("the server would speak plaintext.");
            assertThat(analysisOf(context).getAction()).contains("grpc.server.ssl.bundle");
        });
    }

    @Test
    void aServerThatIsToldToSpeakPlaintextDoes() {
        runner.withPropertyValues("grpc.security.cert-chain=file:server.pem", "grpc.server.ssl.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc.server.enabled=false", "grpc.server.address=inprocess:lost-encryption"})
    void whereNothingGoesOverANetworkNothingIsLost(String property) {
        runner.withPropertyValues("grpc.server.security.private-key=file:server.key", property)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anApplicationThatServesNothingStarts() {
        ServerRunners.runner()
                .withPropertyValues("grpc.server.security.private-key=file:server.key")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aServerWithANameIsMeantToo() {
        ServerRunners.runner()
                .withBean(InternalGreeting.class)
                .withPropertyValues("grpc.servers.internal.port=0", "grpc.server.security.private-key=file:server.key")
                .run(context -> assertThat(analysisOf(context).getAction())
                        .contains("name it in grpc.servers.internal.ssl.bundle"));
    }

    @GrpcService
    static class Greeting extends HelloService {}

    @GrpcService(servers = "internal")
    static class InternalGreeting extends HelloService {}
}
