// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class GrpcChannelsTests {

    private final HelloService service = new HelloService();
    private Server server;
    private static final MetadataKey<String> TENANT = MetadataKey.ascii("x-tenant");

    private ApplicationContextRunner runner;

    @BeforeEach
    void serve() throws IOException {
        server = Calls.serve(service);
        runner = ClientRunners.runner(server).withBean(Caller.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatTheServerIsToldComesFromTheProperties() {
        runner.withPropertyValues(
                        "grpc.client.greeter.authority=greet.example", "grpc.client.greeter.user-agent=my-app/1")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(service.seen.get(0).authority()).isEqualTo("greet.example");
                    assertThat(service.seen.get(0).requestMetadata().get(HelloService.USER_AGENT))
                            .startsWith("my-app/1 grpc-java-peregrine/");
                });
    }

    @Test
    void theDeadlineOfThePropertiesCountsUnlessTheCallerSetsOne() {
        runner.withPropertyValues("grpc.client.greeter.deadline=1h").run(context -> {
            Greeter.Client greeter = context.getBean(Caller.class).greeter;
            greeter.sayHello(HelloService.request("nobody's"));
            greeter.withDeadlineAfter(Duration.ofHours(3)).sayHello(HelloService.request("mine"));
            greeter.withDeadline(Deadline.after(Duration.ofHours(5))).sayHello(HelloService.request("mine"));
            assertThat(service.seen)
                    .extracting(call -> call.deadline().remaining().toMinutes() / 60 + 1)
                    .containsExactly(1L, 3L, 5L);
        });
    }

    @Test
    void withoutAPropertyThereIsNoDeadline() {
        runner.run(context -> {
            context.getBean(Caller.class).greeter.sayHello(HelloService.request("you"));
            assertThat(service.seen.get(0).deadline()).isNull();
        });
    }

    @Test
    void aMessageLargerThanThePropertyAllowsIsRefused() {
        runner.withPropertyValues("grpc.client.greeter.limits.max-message-size=1KB")
                .run(context -> {
                    Greeter.Client greeter = context.getBean(Caller.class).greeter;
                    assertThat(sayHello(greeter, "x".repeat(500))).endsWith("x");
                    assertThatExceptionOfType(StatusException.class)
                            .isThrownBy(() -> sayHello(greeter, "x".repeat(1100)))
                            .satisfies(failure ->
                                    assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
                });
    }

    @Test
    void aCustomizerIsToldTheNameAndWinsOverProperties() {
        runner.withPropertyValues(
                        "grpc.client.greeter.limits.max-message-size=1KB", "grpc.client.greeter.authority=property")
                .withBean(
                        GrpcChannelCustomizer.class,
                        () -> (name, channel) -> channel.limits(Limits.DEFAULT).authority("customized." + name))
                .run(context -> {
                    assertThat(sayHello(context.getBean(Caller.class).greeter, "x".repeat(1100)))
                            .endsWith("x");
                    assertThat(service.seen.get(0).authority()).isEqualTo("customized.greeter");
                });
    }

    @Test
    void aLimitThatIsSetInCodeStaysAsItIsSet() {
        runner.withPropertyValues("grpc.client.default.limits.max-message-size=4MB")
                .withBean(
                        GrpcChannelCustomizer.class,
                        () -> (name, channel) -> channel.limits(limits -> limits.withMaxMessageSize(64 << 20)))
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "x".repeat((4 << 20) - 5)))
                        .endsWith("x"));
    }

    @Test
    void annotatedInterceptorsSeeACallInTheirOrderAndAsItWillBe() {
        runner.withUserConfiguration(Interceptors.class)
                .withPropertyValues("grpc.client.greeter.wait-for-ready=true", "grpc.client.greeter.deadline=1h")
                .run(context -> {
                    context.getBean(Caller.class).greeter.sayHello(HelloService.request("you"));
                    assertThat(context.getBean(Interceptors.class).saw)
                            .containsExactly("first true PT1H", "second true PT1H");
                });
    }

    @Test
    void anAnnotatedBeanThatIsNoInterceptorIsRefused() {
        runner.withBean("odd", NoInterceptor.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("The bean 'odd' is annotated with @GrpcGlobalClientInterceptor, but its type ")
                        .endsWith(" is no dev.peregrine.grpc.client.ClientInterceptor."));
    }

    @Test
    void aClientWithoutATargetIsSaidWithTheNamesThatHaveOne() {
        ClientRunners.runner()
                .withBean(Caller.class)
                .withPropertyValues(
                        "grpc.client.users.target=localhost:1",
                        "grpc.client.billing.target=localhost:2",
                        "grpc.client.noise.deadline=1s",
                        "grpc.client.default.deadline=1s")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .isEqualTo("The gRPC client 'greeter' has no target: nothing says which server to call."
                                    + " Clients that have one: billing, users.");
                    assertThat(analysisOf(context).getAction())
                            .isEqualTo(
                                    "Set the property grpc.client.greeter.target, for example to localhost:9090, or"
                                            + " grpc.client.default.target for all clients, or correct the name in @GrpcClient.");
                });
    }

    @Test
    void aTargetThatIsNotUnderstoodIsSaidWithItsProperty() {
        ClientRunners.runner()
                .withBean(Caller.class)
                .withPropertyValues("grpc.client.greeter.target=what is this")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .startsWith("The gRPC client 'greeter' cannot use its target: target 'what is this'")
                            .contains("expected host:port");
                    assertThat(analysisOf(context).getAction())
                            .isEqualTo("Correct the property grpc.client.greeter.target.");
                });
    }

    @Test
    void anEncodingThatIsNotThereIsSaidWithTheProperties() {
        runner.withPropertyValues("grpc.client.greeter.compression=zip").run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo(
                            "grpc.client.greeter.compression names the encoding 'zip', which is not there. There are:"
                                    + " identity,gzip.");
            assertThat(analysisOf(context).getAction())
                    .isEqualTo("Name one of these, or declare a bean of type MessageEncoding for it, such as"
                            + " ZstdEncoding.DEFAULT.");
        });
    }

    @Test
    void whatACustomizerBreaksIsSaidWithTheProperties() {
        runner.withBean(GrpcChannelCustomizer.class, () -> (name, channel) -> channel.compression("zip"))
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .startsWith("The gRPC client 'greeter' cannot be made: ")
                            .contains("zip");
                    assertThat(analysisOf(context).getAction())
                            .startsWith("Correct the properties under grpc.client.greeter.* and grpc.client.default.*");
                });
    }

    @Test
    void metadataOfThePropertiesTravelsUnlessTheCallerSendsTheKeyHimself() {
        runner.withPropertyValues(
                        "grpc.client.greeter.metadata.x-tenant=one",
                        "grpc.client.default.metadata.x-token-bin=AAEC",
                        "grpc.client.default.metadata.x-region=eu")
                .run(context -> {
                    Greeter.Client greeter = context.getBean(Caller.class).greeter;
                    sayHello(greeter, "plain");
                    sayHello(greeter.withMetadata(Metadata.of(TENANT, "mine")), "with metadata");
                    assertThat(service.seen.get(0).requestMetadata().getAll(TENANT))
                            .containsExactly("one");
                    assertThat(service.seen.get(1).requestMetadata().getAll(TENANT))
                            .containsExactly("mine");
                    assertThat(service.seen).allSatisfy(call -> {
                        assertThat(call.requestMetadata().get(MetadataKey.ascii("x-region")))
                                .isEqualTo("eu");
                        assertThat(call.requestMetadata().get(MetadataKey.binary("x-token-bin")))
                                .containsExactly(0, 1, 2);
                    });
                });
    }

    @Test
    void requestsAreCompressedAsThePropertySays() {
        runner.withPropertyValues("grpc.client.default.compression=gzip").run(context -> {
            sayHello(context.getBean(Caller.class).greeter, "x".repeat(5000));
            assertThat(service.compressed).containsExactly(true);
        });
    }

    @Test
    void aClientMayGoThroughAProxy() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> firstLineOf(proxy));
            ClientRunners.runner()
                    .withBean(Caller.class)
                    .withPropertyValues(
                            "grpc.client.greeter.target=greet.example:443",
                            "grpc.client.greeter.proxy.host=127.0.0.1",
                            "grpc.client.greeter.proxy.port=" + proxy.getLocalPort())
                    .run(context -> {
                        assertThatExceptionOfType(StatusException.class)
                                .isThrownBy(() -> sayHello(context.getBean(Caller.class).greeter, "you"));
                        assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo("CONNECT greet.example:443 HTTP/1.1");
                    });
        }
    }

    private static String firstLineOf(ServerSocket listening) {
        try (Socket accepted = listening.accept()) {
            return new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc.client.greeter", "grpc.client.default", "grpc.client.GLOBAL"})
    void encryptionThatAnotherStartersPropertyAsksForIsNeverLeftOutSilently(String owner) {
        runner.withPropertyValues(owner + ".negotiation-type=TLS").run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .startsWithIgnoringCase(owner + ".negotiation-type")
                    .endsWith("the gRPC client 'greeter' would speak plaintext.");
            assertThat(analysisOf(context).getAction()).contains("set grpc.client.greeter.ssl.enabled=true");
        });
    }

    @Test
    void aPropertyOfAnotherStarterThatAsksForWhatHappensAnywayDoesNoHarm() {
        runner.withPropertyValues(
                        "grpc.client.GLOBAL.negotiationType=TLS", "grpc.client.greeter.negotiationType=PLAINTEXT")
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
    }

    @Test
    void theAddressOfAnotherStarterIsRecognised() {
        ClientRunners.runner()
                .withBean(Caller.class)
                .withPropertyValues(
                        "grpc.client.greeter.address=static://localhost:9090",
                        "grpc.client.greeter.negotiationType=PLAINTEXT")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .contains("grpc.client.greeter.address")
                            .endsWith("is set, which is a property of another gRPC starter.");
                    assertThat(analysisOf(context).getAction())
                            .isEqualTo("Rename it to grpc.client.greeter.target, and write host:port or"
                                    + " dns:///host:port (found: 'static://localhost:9090').");
                });
    }

    @Test
    void aTargetThatNeedsTheServersPortTooEarlyIsSaidWithWhatToDo() {
        ClientRunners.runner()
                .withBean(Caller.class)
                .withPropertyValues("grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}")
                .run(context -> assertThat(analysisOf(context).getAction())
                        .startsWith(
                                "local.grpc.server.port is known once the gRPC server of this application has started")
                        .contains("Put @Lazy on"));
    }

    @Test
    void aDefaultTargetThatIsNotUnderstoodIsSaidWithItsProperty() {
        ClientRunners.runner()
                .withBean(Caller.class)
                .withPropertyValues("grpc.client.default.target=what is this")
                .run(context -> assertThat(analysisOf(context).getAction())
                        .isEqualTo("Correct the property grpc.client.default.target."));
    }

    @ParameterizedTest
    @CsvSource({
        "deadline, -1s, 'deadline: PT-1S (expected: > 0, or 0 for never)'",
        "limits.max-message-size, 4GB, limits.max-message-size: 4294967296B (expected: 0B to 2147483647B)",
        "limits.max-metadata-size, 511B, limits.max-metadata-size: 511B (expected: 512B to 2147483647B)",
        "limits.max-waiting-calls, 0, limits.max-waiting-calls: 0 (expected: >= 1)",
        "limits.connection-window, 1KB, limits.connection-window: 1024 (expected: >= 65535 bytes)",
        "limits.handshake-timeout, 0s, limits.handshake-timeout: PT0S (expected: > 0)",
        "idle-timeout, -1s, 'idle-timeout: PT-1S (expected: > 0, or 0 for never)'",
        "connect-timeout, 0s, connect-timeout: PT0S (expected: 1ms to 1d)",
        "initial-backoff, 2d, initial-backoff: PT48H (expected: 1ms to 1d)",
        "keepalive.timeout, 0s, keepalive.timeout: PT0S (expected: > 0)",
        "shutdown.grace-period, -1s, shutdown.grace-period: PT-1S (expected: >= 0)",
        "metadata.x-bin, '?', 'metadata.x-bin: its value is not base64, as keys in -bin need'"
    })
    void aValueThatCannotWorkIsRefused(String field, String value, String reason) {
        runner.withPropertyValues("grpc.client.greeter." + field + "=" + value)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessage(reason));
    }

    static class Caller {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }

    @GrpcGlobalClientInterceptor
    static class NoInterceptor {}

    @Configuration(proxyBeanMethods = false)
    static class Interceptors {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Bean
        @GrpcGlobalClientInterceptor
        @Order(2)
        ClientInterceptor second() {
            return new Witness("second", saw);
        }

        @Bean
        @GrpcGlobalClientInterceptor
        @Order(1)
        ClientInterceptor first() {
            return new Witness("first", saw);
        }

        @Bean
        ClientInterceptor withoutTheAnnotation() {
            return new Witness("not asked", saw);
        }
    }

    record Witness(String name, List<String> saw) implements ClientInterceptor {

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            saw.add(name + " " + options.waitForReady() + " " + options.timeout());
            return next.newCall(method, options);
        }
    }
}
