// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import java.lang.reflect.RecordComponent;
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
    void aNameIsMergedOverTheDefaultFieldByFieldHoweverDeep() {
        GrpcClientProperties users = new ClientSettings(new MockEnvironment()
                        .withProperty("grpc.client.default.target", "gateway:443")
                        .withProperty("grpc.client.default.authority", "gateway.example")
                        .withProperty("grpc.client.default.wait-for-ready", "true")
                        .withProperty("grpc.client.default.limits.max-message-size", "1MB")
                        .withProperty("grpc.client.default.ssl.bundle", "internal")
                        .withProperty("grpc.client.default.keepalive.time", "1m")
                        .withProperty("grpc.client.default.keepalive.timeout", "5s")
                        .withProperty("grpc.client.default.metadata.x-tenant", "one")
                        .withProperty("grpc.client.default.metadata.x-key", "k")
                        .withProperty("grpc.client.default.interceptors", "a,b")
                        .withProperty("grpc.client.users.target", "users:9090")
                        .withProperty("grpc.client.users.wait-for-ready", "false")
                        .withProperty("grpc.client.users.ssl.enabled", "false")
                        .withProperty("grpc.client.users.keepalive.timeout", "7s")
                        .withProperty("grpc.client.users.metadata.x-tenant", "two")
                        .withProperty("grpc.client.users.interceptors[0]", "c"))
                .of("users");

        assertThat(users.target()).isEqualTo("users:9090");
        assertThat(users.authority()).isEqualTo("gateway.example");
        assertThat(users.waitForReady()).isFalse();
        assertThat(users.limits().maxMessageSize()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(users.ssl()).isEqualTo(new GrpcClientProperties.Ssl(false, "internal", TlsProvider.AUTOMATIC));
        assertThat(users.keepalive().settings())
                .isEqualTo(new KeepAlive(Duration.ofMinutes(1), Duration.ofSeconds(7), false));
        assertThat(users.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("x-tenant", "two", "x-key", "k"));
        assertThat(users.interceptors()).containsExactly("c");
    }

    @Test
    void everyPropertyUnderTheDefaultReachesAName() throws Exception {
        MockEnvironment environment = new MockEnvironment();
        Map<String, String> all = Map.ofEntries(
                Map.entry("target", "a:1"),
                Map.entry("authority", "b"),
                Map.entry("ssl.enabled", "true"),
                Map.entry("ssl.bundle", "c"),
                Map.entry("deadline", "1s"),
                Map.entry("wait-for-ready", "true"),
                Map.entry("limits.max-message-size", "1KB"),
                Map.entry("keepalive.time", "1m"),
                Map.entry("idle-timeout", "1m"),
                Map.entry("connect-timeout", "3s"),
                Map.entry("initial-backoff", "2s"),
                Map.entry("compression", "gzip"),
                Map.entry("encodings", "gzip"),
                Map.entry("user-agent", "d"),
                Map.entry("metadata.e", "f"),
                Map.entry("proxy.host", "g"),
                Map.entry("transport", "io-uring"),
                Map.entry("interceptors", "h"),
                Map.entry("global-interceptors", "false"),
                Map.entry("propagate.deadline", "false"),
                Map.entry("shutdown.grace-period", "1s"));
        all.forEach((property, value) -> environment.setProperty("grpc.client.default." + property, value));

        GrpcClientProperties inherited = new ClientSettings(environment).of("users");

        GrpcClientProperties unset = new ClientSettings(new MockEnvironment()).of("users");
        for (RecordComponent component : GrpcClientProperties.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(inherited))
                    .as(component.getName())
                    .isNotNull()
                    .isNotEqualTo(component.getAccessor().invoke(unset));
        }
    }

    @Test
    void aNameThatSaysNothingIsTheDefault() {
        ClientSettings settings =
                new ClientSettings(new MockEnvironment().withProperty("grpc.client.default.target", "gateway:443"));
        assertThat(settings.target("users")).isEqualTo("gateway:443");
    }

    @Test
    void anEmptyTargetIsNone() {
        ClientSettings settings = new ClientSettings(new MockEnvironment()
                .withProperty("grpc.client.default.target", "gateway:443")
                .withProperty("grpc.client.users.target", "${where:}"));
        assertThat(settings.target("users")).isEqualTo("gateway:443");
        assertThat(settings.namesWithTarget()).isEmpty();
    }

    @Test
    void zeroTakesBackATimeThatIsSetForAll() {
        GrpcClientProperties watcher = new ClientSettings(new MockEnvironment()
                        .withProperty("grpc.client.default.deadline", "5s")
                        .withProperty("grpc.client.default.idle-timeout", "1m")
                        .withProperty("grpc.client.default.keepalive.time", "5m")
                        .withProperty("grpc.client.watcher.deadline", "0")
                        .withProperty("grpc.client.watcher.idle-timeout", "0")
                        .withProperty("grpc.client.watcher.keepalive.time", "0"))
                .of("watcher");
        assertThat(watcher.deadline()).isNull();
        assertThat(watcher.idleTimeout()).isEqualTo(KeepAlive.NEVER);
        assertThat(watcher.keepalive().settings().isOn()).isFalse();
    }

    @Test
    void anEmptyValueTakesBackATextThatIsSetForAll() {
        GrpcClientProperties plain = new ClientSettings(new MockEnvironment()
                        .withProperty("grpc.client.default.authority", "gateway.example")
                        .withProperty("grpc.client.default.compression", "gzip")
                        .withProperty("grpc.client.default.user-agent", "mine/2")
                        .withProperty("grpc.client.default.metadata.x-tenant", "one")
                        .withProperty("grpc.client.default.metadata.x-key", "k")
                        .withProperty("grpc.client.default.transport", "nio")
                        .withProperty("grpc.client.default.proxy.host", "proxy.example")
                        .withProperty("grpc.client.default.proxy.user", "me")
                        .withProperty("grpc.client.default.proxy.password", "secret")
                        .withProperty("grpc.client.plain.authority", "")
                        .withProperty("grpc.client.plain.compression", "")
                        .withProperty("grpc.client.plain.user-agent", "")
                        .withProperty("grpc.client.plain.metadata.x-tenant", "")
                        .withProperty("grpc.client.plain.transport", "")
                        .withProperty("grpc.client.plain.proxy.user", "")
                        .withProperty("grpc.client.plain.proxy.password", ""))
                .of("plain");
        assertThat(plain.authority()).isNull();
        assertThat(plain.compression()).isNull();
        assertThat(plain.userAgent()).isNull();
        assertThat(plain.transport()).isNull();
        assertThat(plain.staticMetadata().names()).containsExactly("x-key");
        assertThat(plain.proxy().settings()).isEqualTo(HttpProxy.of("proxy.example", 3128));
    }

    @Test
    void aProxyTakesAnEmptyPassword() {
        GrpcClientProperties users = new ClientSettings(new MockEnvironment()
                        .withProperty("grpc.client.users.proxy.host", "proxy.example")
                        .withProperty("grpc.client.users.proxy.user", "me")
                        .withProperty("grpc.client.users.proxy.password", ""))
                .of("users");
        assertThat(users.proxy().settings())
                .isEqualTo(HttpProxy.of("proxy.example", 3128).withCredentials("me", ""));
    }

    @Test
    void aMetadataKeyReplacesTheOneOfAllThatDiffersInCase() {
        GrpcClientProperties partner = new ClientSettings(new MockEnvironment()
                        .withProperty("grpc.client.default.metadata.Authorization", "Bearer default")
                        .withProperty("grpc.client.partner.metadata.authorization", "Bearer partner"))
                .of("partner");
        assertThat(partner.staticMetadata().getAll(MetadataKey.ascii("authorization")))
                .containsExactly("Bearer partner");
        GrpcClientProperties other = new ClientSettings(new MockEnvironment()
                        .withProperty("grpc.client.default.metadata.authorization", "Bearer default")
                        .withProperty("grpc.client.other.metadata.AUTHORIZATION", "Bearer other"))
                .of("other");
        assertThat(other.staticMetadata().getAll(MetadataKey.ascii("authorization")))
                .containsExactly("Bearer other");
    }

    @Test
    void aMetadataKeyOfTheEnvironmentReplacesThatOfAFileThatDiffersInCase() {
        StandardEnvironment environment =
                environmentOf(Map.of("GRPC_CLIENT_PARTNER_METADATA_AUTHORIZATION", "Bearer variable"));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "file", Map.of("grpc.client.partner.metadata.Authorization", "Bearer file")));
        assertThat(new ClientSettings(environment)
                        .of("partner")
                        .staticMetadata()
                        .getAll(MetadataKey.ascii("authorization")))
                .containsExactly("Bearer variable");
    }

    @Test
    void withoutPropertiesTheDefaultsOfTheRuntimeHold() {
        GrpcClientProperties unset = new ClientSettings(new MockEnvironment()).of("users");
        assertThat(unset.limits().toLimits()).isEqualTo(Limits.DEFAULT);
        assertThat(unset.keepalive().settings()).isEqualTo(KeepAlive.OFF);
        assertThat(unset.idleTimeout()).isEqualTo(ConnectOptions.DEFAULT_IDLE_TIMEOUT);
        assertThat(unset.connectTimeout()).isEqualTo(ConnectOptions.DEFAULT_CONNECT_TIMEOUT);
        assertThat(unset.ssl().isOn()).isFalse();
        assertThat(unset.deadline()).isNull();
        assertThat(unset.proxy().settings()).isNull();
    }

    @Test
    void theNameOfTheApplicationIsItsUserAgent() {
        MockEnvironment environment = new MockEnvironment().withProperty("spring.application.name", "billing");
        ClientSettings settings = new ClientSettings(environment);
        assertThat(settings.userAgent(settings.of("users"))).isEqualTo("billing");
        environment.setProperty("spring.application.name", "Billing of Ours");
        assertThat(settings.userAgent(settings.of("users"))).isNull();
        environment.setProperty("grpc.client.users.user-agent", "mine/2");
        assertThat(settings.userAgent(settings.of("users"))).isEqualTo("mine/2");
    }

    @Test
    void aFailureNamesThePropertyAsItIsWritten() {
        ClientSettings settings =
                new ClientSettings(new MockEnvironment().withProperty("grpc.client.default.keepalive.time", "1s"));
        assertThatThrownBy(() -> settings.of("users"))
                .hasStackTraceContaining("grpc.client.users.keepalive")
                .rootCause()
                .hasMessageStartingWith("keepalive.time: PT1S (expected: >= 10s, or 0 for never;");
    }

    @Test
    void environmentVariablesReachNamesWithDashesAndCapitals() {
        ClientSettings settings = new ClientSettings(environmentOf(Map.of(
                "GRPC_CLIENT_USERSERVICE_TARGET", "users:9090",
                "GRPC_CLIENT_DEFAULT_LIMITS_MAXMESSAGESIZE", "1MB",
                "GRPC_CLIENT_DEFAULT_KEEPALIVE_WITHOUTCALLS", "true")));
        assertThat(settings.of("user-service").target()).isEqualTo("users:9090");
        assertThat(settings.of("userService").target()).isEqualTo("users:9090");
        assertThat(settings.of("user-service").limits().maxMessageSize()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(settings.of("user-service").keepalive().withoutCalls()).isTrue();
    }

    @Test
    void aPlaceholderInAValueIsResolved() {
        ClientSettings settings = new ClientSettings(new MockEnvironment()
                .withProperty("where", "users:9090")
                .withProperty("grpc.client.users.target", "${where}"));
        assertThat(settings.target("users")).isEqualTo("users:9090");
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
