// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

class ClientSettingsTests {

    @Test
    void aNameIsMergedOverTheDefaultFieldByField() {
        ClientSettings settings = new ClientSettings(new MockEnvironment()
                .withProperty("grpc.client.default.target", "gateway:443")
                .withProperty("grpc.client.default.authority", "gateway.example")
                .withProperty("grpc.client.default.user-agent", "ours/1")
                .withProperty("grpc.client.default.deadline", "5s")
                .withProperty("grpc.client.default.wait-for-ready", "true")
                .withProperty("grpc.client.default.max-inbound-message-size", "1MB")
                .withProperty("grpc.client.default.max-inbound-metadata-size", "16KB")
                .withProperty("grpc.client.users.target", "users:9090")
                .withProperty("grpc.client.users.wait-for-ready", "false"));

        assertThat(settings.of("users"))
                .isEqualTo(new GrpcClientProperties(
                        "users:9090",
                        "gateway.example",
                        "ours/1",
                        Duration.ofSeconds(5),
                        false,
                        DataSize.ofMegabytes(1),
                        DataSize.ofKilobytes(16)));
    }

    @Test
    void aNameThatSaysNothingIsTheDefault() {
        ClientSettings settings =
                new ClientSettings(new MockEnvironment().withProperty("grpc.client.default.target", "gateway:443"));
        assertThat(settings.of("users").target()).isEqualTo("gateway:443");
    }

    @Test
    void anEmptyTargetIsNone() {
        ClientSettings settings = new ClientSettings(new MockEnvironment()
                .withProperty("grpc.client.default.target", "gateway:443")
                .withProperty("grpc.client.users.target", "${where:}"));
        assertThat(settings.of("users").target()).isEqualTo("gateway:443");
        assertThat(settings.namesWithTarget()).isEmpty();
    }

    @Test
    void withoutPropertiesNothingIsSet() {
        assertThat(new ClientSettings(new MockEnvironment()).of("users")).isEqualTo(GrpcClientProperties.NONE);
    }

    @Test
    void environmentVariablesReachNamesWithDashesAndCapitals() {
        ClientSettings settings = new ClientSettings(environmentOf(Map.of(
                "GRPC_CLIENT_USERSERVICE_TARGET", "users:9090", "GRPC_CLIENT_DEFAULT_MAXINBOUNDMESSAGESIZE", "1MB")));
        assertThat(settings.of("user-service").target()).isEqualTo("users:9090");
        assertThat(settings.of("userService").target()).isEqualTo("users:9090");
        assertThat(settings.of("user-service").maxInboundMessageSize()).isEqualTo(DataSize.ofMegabytes(1));
    }

    @Test
    void aPlaceholderInAValueIsResolved() {
        ClientSettings settings = new ClientSettings(new MockEnvironment()
                .withProperty("where", "users:9090")
                .withProperty("grpc.client.users.target", "${where}"));
        assertThat(settings.of("users").target()).isEqualTo("users:9090");
    }

    @Test
    void aKubernetesServiceCalledGrpcClientIsNoClient() {
        StandardEnvironment environment = environmentOf(Map.of(
                "GRPC_CLIENT_PORT", "tcp://10.0.0.1:7070",
                "GRPC_CLIENT_PORT_7070_TCP_ADDR", "10.0.0.1",
                "GRPC_CLIENT_SERVICE_HOST", "10.0.0.1"));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("file", Map.of("grpc.client.users.target", "users:9090")));
        assertThat(new ClientSettings(environment).namesWithTarget()).containsExactly("users");
    }

    private static StandardEnvironment environmentOf(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
        return environment;
    }
}
