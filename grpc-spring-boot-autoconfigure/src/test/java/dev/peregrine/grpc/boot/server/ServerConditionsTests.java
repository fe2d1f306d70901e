// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ServerConditionsTests {

    private final ApplicationContextRunner runner =
            ServerRunners.runner().withUserConfiguration(ServedBeansTests.AnnotatedClass.class);

    @Test
    void aDisabledServerLeavesNothingBehind() {
        runner.withPropertyValues("grpc.server.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(GrpcServers.class)
                        .doesNotHaveBean(ServerStartStop.class)
                        .doesNotHaveBean(ServerDrain.class));
    }

    @Test
    void aServerOfTheApplicationReplacesOurs() throws IOException {
        Server own = Calls.serve(new HelloService());
        runner.withBean(Server.class, () -> own)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(GrpcServers.class));
    }

    @Test
    void theServerListensOnThePortOfTheProperty() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        runner.withPropertyValues("grpc.server.port=" + port)
                .run(context -> assertThat(context.getEnvironment().getProperty("local.grpc.server.port"))
                        .isEqualTo(String.valueOf(port)));
    }

    @Test
    void aPortThatIsTakenIsSaidWithWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            runner.withPropertyValues("grpc.server.port=" + taken.getLocalPort())
                    .run(context -> {
                        assertThat(analysisOf(context).getDescription())
                                .startsWith("The gRPC server does not start: cannot listen on ")
                                .contains("127.0.0.1:" + taken.getLocalPort(), "in use");
                        assertThat(analysisOf(context).getAction())
                                .contains("If another process listens there, stop it", "grpc.server.port");
                    });
        }
    }

    @Test
    void aMessageLargerThanThePropertyAllowsIsRefused() {
        runner.withPropertyValues("grpc.server.limits.max-message-size=1KB").run(context -> {
            assertThat(sayHello(context, "x".repeat(500))).endsWith("x");
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> sayHello(context, "x".repeat(1100)))
                    .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
        });
    }

    @Test
    void metadataLargerThanThePropertyAllowsIsRefused() {
        Metadata large = Metadata.of(MetadataKey.ascii("large"), "x".repeat(1100));
        runner.withPropertyValues("grpc.server.limits.max-metadata-size=1KB").run(context -> {
            try (ManagedChannel channel = channelTo(context)) {
                Greeter.Client client = Greeter.Client.create(channel);
                assertThat(sayHello(client, "small")).isEqualTo("Hello small");
                assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(client.withMetadata(large), "large"));
            }
        });
    }

    @Test
    void theSmallestValuesThatAreAllowedWork() {
        runner.withPropertyValues(
                        "grpc.server.limits.max-metadata-size=512B",
                        "grpc.server.limits.max-concurrent-calls-per-connection=1")
                .run(context -> assertThat(sayHello(context, "small")).isEqualTo("Hello small"));
    }

    @Test
    void aCustomizerWinsOverProperties() {
        runner.withPropertyValues("grpc.server.limits.max-message-size=1KB")
                .withBean(GrpcServerCustomizer.class, () -> (name, server) -> server.limits(Limits.DEFAULT))
                .run(context -> assertThat(sayHello(context, "x".repeat(1100))).endsWith("x"));
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.server.port, 70000, 'port: 70000 (expected: 0 to 65535; to have no server, set enabled to false)'",
        "grpc.server.shutdown.grace-period, -1s, grace-period: PT-1S (expected: >= 0)",
        "grpc.server.limits.max-message-size, 4GB, max-message-size: 4294967296B (expected: 0B to 2147483647B)",
        "grpc.server.limits.max-metadata-size, 511B, max-metadata-size: 511B (expected: 512B to 2147483647B)",
        "grpc.server.limits.max-concurrent-calls-per-connection, 0, max-concurrent-calls-per-connection: 0 (expected: >= 1)"
    })
    void aValueThatCannotWorkIsRefused(String property, String value, String reason) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessage(reason));
    }
}
