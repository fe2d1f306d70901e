// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.WitnessEncoding;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.ProxyProtocol;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The properties do what they say, on the wire where that shows. */
@Timeout(60)
class ServerSettingsTests {

    private final ApplicationContextRunner runner = ServerRunners.runner().withBean(Service.class);

    @Test
    void whatIsNotSetIsAsTheRuntimeHasIt() {
        GrpcServerProperties defaults = bind(Map.of());
        assertThat(defaults.limits().toLimits()).isEqualTo(Limits.DEFAULT);
        assertThat(defaults.connection().toPolicy(defaults.keepalive())).isEqualTo(ConnectionPolicy.DEFAULT);
    }

    @Test
    void everyLimitThatServersHaveIsAProperty() {
        assertThat(LimitsProperties.class.getRecordComponents())
                .extracting(ServerSettingsTests::limitOf)
                .containsExactlyInAnyOrder(Arrays.stream(Limits.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0)
                        .map(Method::getName)
                        .filter(name -> !List.of("hashCode", "toString").contains(name))
                        .filter(limit -> !limit.equals("maxWaitingCalls")) // a client's
                        .toArray(String[]::new));
    }

    /** In a server's properties "concurrent calls" without more would be read as those of the server. */
    private static String limitOf(RecordComponent property) {
        return property.getName().replace("CallsPerConnection", "Calls");
    }

    @Test
    void everyLimitIsHandedOver() throws ReflectiveOperationException {
        for (RecordComponent limit : LimitsProperties.class.getRecordComponents()) {
            Object before = Limits.class.getMethod(limitOf(limit)).invoke(Limits.DEFAULT);
            boolean isTime = before instanceof Duration;
            int other = isTime ? 77 : (Integer) before + 1024;
            GrpcServerProperties properties =
                    bind(Map.of("grpc.server.limits." + limit.getName(), isTime ? other + "s" : other));
            assertThat(Limits.class
                            .getMethod(limitOf(limit))
                            .invoke(properties.limits().toLimits()))
                    .as(limit.getName())
                    .isEqualTo(isTime ? Duration.ofSeconds(other) : other);
        }
    }

    @Test
    void everyTimeOfAConnectionIsHandedOver() {
        GrpcServerProperties properties = bind(Map.of(
                "grpc.server.keepalive.time", "1m",
                "grpc.server.keepalive.timeout", "5s",
                "grpc.server.keepalive.without-calls", "false",
                "grpc.server.keepalive.permit.time", "20s",
                "grpc.server.keepalive.permit.without-calls", "true",
                "grpc.server.connection.max-idle-time", "3m",
                "grpc.server.connection.max-age", "30m",
                "grpc.server.connection.max-age-grace", "1m"));
        assertThat(properties.connection().toPolicy(properties.keepalive()))
                .isEqualTo(new ConnectionPolicy(
                        new KeepAlive(Duration.ofMinutes(1), Duration.ofSeconds(5), false),
                        Duration.ofSeconds(20),
                        true,
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(1)));
    }

    @Test
    void zeroSwitchesTimesOff() {
        GrpcServerProperties properties = bind(Map.of(
                "grpc.server.keepalive.time", "0",
                "grpc.server.keepalive.permit.time", "0",
                "grpc.server.connection.max-idle-time", "0",
                "grpc.server.connection.max-age", "0",
                "grpc.server.connection.max-age-grace", "0"));
        ConnectionPolicy policy = properties.connection().toPolicy(properties.keepalive());
        assertThat(policy.keepAlive().isOn()).isFalse();
        assertThat(policy.permittedPingTime()).isZero();
        assertThat(policy.maxIdle()).isEqualTo(KeepAlive.NEVER);
        assertThat(policy.maxAge()).isEqualTo(KeepAlive.NEVER);
        assertThat(policy.maxAgeGrace()).isEqualTo(KeepAlive.NEVER);
    }

    @Test
    void connectionsThatAreTooOldAreReplacedWithoutAFailure() {
        runner.withPropertyValues("grpc.server.connection.max-age=50ms").run(context -> {
            HelloService service = context.getBean(HelloService.class);
            try (ManagedChannel channel = channelTo(context)) {
                Greeter.Client client = Greeter.Client.create(channel);
                await().atMost(Duration.ofSeconds(20)).until(() -> {
                    sayHello(client, "you");
                    return connectionsOf(service) > 2;
                });
            }
        });
    }

    @Test
    void responsesAreCompressedWhereTheCallerCanReadIt() {
        WitnessEncoding ofServer = new WitnessEncoding();
        WitnessEncoding ofClient = new WitnessEncoding();
        runner.withBean(MessageEncoding.class, () -> ofServer)
                .withPropertyValues("grpc.server.compression=witness")
                .run(context -> {
                    String target = "127.0.0.1:" + context.getEnvironment().getProperty("local.grpc.server.port");
                    try (ManagedChannel reads = ManagedChannel.builder(target)
                                    .encodings(all -> all.with(ofClient))
                                    .build();
                            ManagedChannel cannot =
                                    ManagedChannel.builder(target).build()) {
                        assertThat(sayHello(Greeter.Client.create(cannot), "x".repeat(5000)))
                                .endsWith("x");
                        assertThat(ofServer.compressed).hasValue(0);
                        assertThat(sayHello(Greeter.Client.create(reads), "x".repeat(5000)))
                                .endsWith("x");
                        assertThat(ofServer.compressed).hasValue(1);
                        assertThat(ofClient.decompressed).hasValue(1);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"'', UNIMPLEMENTED", "identity, UNIMPLEMENTED", "gzip, OK", ", OK"})
    void encodingsMayBeRestricted(String encodings, StatusCode answer) {
        runner.withPropertyValues(encodings == null ? "a=b" : "grpc.server.encodings=" + encodings)
                .run(context -> {
                    try (ManagedChannel channel = ManagedChannel.builder(
                                    "127.0.0.1:" + context.getEnvironment().getProperty("local.grpc.server.port"))
                            .compression("gzip")
                            .build()) {
                        StatusCode code = StatusCode.OK;
                        try {
                            sayHello(Greeter.Client.create(channel), "x".repeat(5000));
                        } catch (StatusException failure) {
                            code = failure.status().code();
                        }
                        assertThat(code).isEqualTo(answer);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"encodings=brotli, encodings", "compression=brotli, compression"})
    void anEncodingThatThereIsNotIsNamedWithThoseThereAre(String property, String name) {
        runner.withPropertyValues("grpc.server." + property)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo("grpc.server." + name
                                + " names the encoding 'brotli', which is not there. There are:" + " identity,gzip."));
    }

    @Test
    void anEncodingThatAMethodIsToHaveIsLookedForBeforeAnyServerStarts() {
        List<String> made = new ArrayList<>();
        runner.withBean(GrpcServerCustomizer.class, () -> (name, server) -> made.add(name))
                .withPropertyValues(
                        "grpc.server.services=*",
                        "grpc.servers.other.services=*",
                        "grpc.servers.other.port=0",
                        "grpc.servers.other.methods[0].match=fixture.Greeter",
                        "grpc.servers.other.methods[0].compression=brotli",
                        "grpc.servers.other.methods[1].match=fixture.Greeter/SayHello",
                        "grpc.servers.other.methods[1].compression=identity")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("compression of 'fixture.Greeter' in grpc.servers.other.methods names the encoding"
                                + " 'brotli', which is not there."));
        assertThat(made).isEmpty();
    }

    @Test
    void aHeaderOfTheProxyProtocolMayBeRequired() {
        runner.withPropertyValues("grpc.server.proxy-protocol=required")
                .run(context -> assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(context, "you"))
                        .satisfies(
                                failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE)));
    }

    @Test
    void offIsOffInYamlToo() {
        assertThat(bind(Map.of("grpc.server.proxy-protocol", "false")).proxyProtocol())
                .isEqualTo(ProxyProtocol.OFF);
    }

    @Test
    void theSocketsOfTheJdkMayBeAskedFor() {
        runner.withPropertyValues("grpc.server.transport=nio")
                .run(context -> assertThat(sayHello(context, "you")).isEqualTo("Hello you"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void socketsThatDoNotWorkHereAreRefusedWithTheReason() {
        runner.withPropertyValues("grpc.server.transport=kqueue").run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .startsWith("The gRPC server does not start: ")
                    .contains("kqueue");
            assertThat(analysisOf(context).getAction()).contains("remove grpc.server.transport");
        });
    }

    @Test
    void aServerMayListenOnAUnixSocket(@TempDir Path directory) {
        Path socket = directory.resolve("s");
        runner.withPropertyValues("grpc.server.address=unix:" + socket, "grpc.server.transport=nio")
                .run(context -> {
                    try (ManagedChannel channel =
                            ManagedChannel.builder("unix:" + socket).build()) {
                        assertThat(sayHello(Greeter.Client.create(channel), "you"))
                                .isEqualTo("Hello you");
                    }
                });
    }

    @Test
    void addressesOfDifferentKindsNeedAServerEach() {
        runner.withPropertyValues("grpc.server.address=127.0.0.1:0,inprocess:mixed")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("address inprocess:mixed is of another kind"));
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.server.keepalive.time, 1s, 'keepalive.time: PT1S (expected: >= 10s, or 0 for never'",
        "grpc.server.keepalive.timeout, 0, keepalive.timeout: PT0S (expected: > 0",
        "grpc.server.connection.max-idle-time, -1s, connection.max-idle-time: PT-1S (expected: > 0",
        "grpc.server.connection.max-age, -1s, connection.max-age: PT-1S (expected: > 0",
        "grpc.server.connection.max-age-grace, -1s, 'connection.max-age-grace: PT-1S (expected: > 0, or 0 for never'",
        "grpc.server.limits.handshake-timeout, 0, handshake-timeout: PT0S (expected: > 0)",
        "grpc.server.limits.max-connections, 0, max-connections: 0 (expected: >= 1)",
        "grpc.server.limits.stream-window, 1B, stream-window: 1B (expected: >= 1024B)",
        "grpc.server.executor.pool-size, 0, pool-size: 0 (expected: >= 1)"
    })
    void aValueThatCannotWorkIsRefused(String property, String value, String reason) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageStartingWith(reason));
    }

    private static long connectionsOf(HelloService service) {
        return service.seen.stream()
                .map(call -> call.peer().remote())
                .map(SocketAddress::toString)
                .distinct()
                .count();
    }

    private static GrpcServerProperties bind(Map<String, ?> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("grpc.server", GrpcServerProperties.class);
    }

    @GrpcService
    static class Service extends HelloService {}
}
