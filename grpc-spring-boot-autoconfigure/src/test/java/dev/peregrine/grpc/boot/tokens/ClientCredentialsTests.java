// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.client.GrpcClientInterceptorOrder;
import dev.peregrine.grpc.boot.client.GrpcGlobalClientInterceptor;
import dev.peregrine.grpc.boot.client.ImportGrpcClients;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CallCredentials;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Credentials by property, seen by the server that is called. */
@Timeout(60)
class ClientCredentialsTests {

    private static final String CREDENTIALS = "grpc.client.greeter.credentials.";

    private final InProcessAddress address = InProcessAddress.unique("credentials");
    private final HelloService service = new HelloService();
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = Server.builder().address(address).service(service).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SslAutoConfiguration.class,
                        GrpcClientAutoConfiguration.class,
                        GrpcTokensAutoConfiguration.class))
                .withPropertyValues("grpc.client.greeter.target=" + address)
                .withBean(Caller.class);
    }

    private void expect(ApplicationContextRunner runner, String... authorization) {
        runner.run(context -> {
            sayHello(context.getBean(Caller.class).greeter, "you");
            assertThat(seen()).containsExactly(authorization);
        });
    }

    private List<String> seen() {
        return service.seen.get(0).requestMetadata().getAll(CallCredentials.AUTHORIZATION);
    }

    // ---- what is sent ----

    @Test
    void withoutCredentialsNothingIsSent() {
        expect(runner());
    }

    @Test
    void aBearerTokenIsSent() {
        expect(runner().withPropertyValues(CREDENTIALS + "bearer.token=abc"), "Bearer abc");
    }

    @Test
    void aBearerTokenNeedsNoSpringSecurity() {
        expect(
                runner().withPropertyValues(CREDENTIALS + "bearer.token=abc")
                        .withClassLoader(new FilteredClassLoader("org.springframework.security")),
                "Bearer abc");
    }

    @Test
    void userNameAndPasswordAreSent() {
        expect(
                runner().withPropertyValues(CREDENTIALS + "basic.username=alice", CREDENTIALS + "basic.password=a:b"),
                "Basic YWxpY2U6YTpi");
    }

    @Test
    void registeredClientsHaveThemToo() {
        runner().withPropertyValues(CREDENTIALS + "bearer.token=abc")
                .withUserConfiguration(Registered.class)
                .run(context -> {
                    sayHello(context.getBean(Greeter.Client.class), "you");
                    assertThat(seen()).containsExactly("Bearer abc");
                });
    }

    // ---- default and name ----

    @Test
    void aClientWithoutCredentialsOfItsOwnHasThoseOfTheDefault() {
        expect(runner().withPropertyValues("grpc.client.default.credentials.bearer.token=abc"), "Bearer abc");
    }

    @Test
    void aMechanismOfItsOwnReplacesThatOfTheDefault() {
        expect(
                runner().withPropertyValues(
                                "grpc.client.default.credentials.bearer.token=abc",
                                "grpc.client.default.credentials.basic.password=",
                                CREDENTIALS + "basic.username=alice"),
                "Basic YWxpY2U6");
    }

    @Test
    void credentialsOfTheDefaultAreSwitchedOffByName() {
        expect(runner().withPropertyValues(
                        "grpc.client.default.credentials.bearer.token=abc", CREDENTIALS + "enabled=false"));
    }

    // ---- one authorization ----

    @Test
    void credentialsReplaceAnAuthorizationAmongTheMetadata() {
        expect(
                runner().withPropertyValues(
                                "grpc.client.default.metadata.authorization=Static 1",
                                CREDENTIALS + "bearer.token=abc"),
                "Bearer abc");
    }

    @Test
    void withoutCredentialsAnAuthorizationAmongTheMetadataIsSent() {
        expect(runner().withPropertyValues("grpc.client.greeter.metadata.authorization=Static 1"), "Static 1");
    }

    @Test
    void credentialsOfTheCallReplaceThoseOfTheProperties() {
        runner().withPropertyValues(CREDENTIALS + "bearer.token=abc").run(context -> {
            Greeter.Client greeter = context.getBean(Caller.class).greeter;
            sayHello(greeter.withInterceptors(CredentialsInterceptor.of(BearerToken.of("mine"))), "you");
            assertThat(seen()).containsExactly("Bearer mine");
        });
    }

    @Test
    void ofAGlobalInterceptorAndThePropertiesTheOneThatStandsBeforeCounts() {
        ApplicationContextRunner both =
                runner().withPropertyValues(CREDENTIALS + "bearer.token=abc").withUserConfiguration(Global.class);
        expect(both, "Bearer global");
    }

    // ---- on the way ----

    @Test
    void credentialsWithoutEncryptionStopTheStart() throws IOException {
        try (Server open = Calls.serve(service)) {
            runner().withPropertyValues(
                            "grpc.client.greeter.target=127.0.0.1:" + open.port(), CREDENTIALS + "bearer.token=abc")
                    .run(context -> {
                        assertThat(analysisOf(context).getDescription())
                                .isEqualTo(
                                        "The gRPC client 'greeter' has credentials and no encryption: everybody on the"
                                                + " way to 127.0.0.1:" + open.port() + " could read them.");
                        assertThat(analysisOf(context).getAction())
                                .contains("grpc.client.greeter.ssl.enabled=true", CREDENTIALS + "allow-plaintext=true");
                    });
        }
    }

    @Test
    void theyAreSentInTheClearIfThatIsAllowed() throws IOException {
        try (Server open = Calls.serve(service)) {
            expect(
                    runner().withPropertyValues(
                                    "grpc.client.greeter.target=127.0.0.1:" + open.port(),
                                    "grpc.client.default.credentials.allow-plaintext=true",
                                    CREDENTIALS + "bearer.token=abc"),
                    "Bearer abc");
        }
    }

    @Test
    void theyAreSentOverTls(@TempDir Path directory) throws IOException {
        TestPki pki = new TestPki();
        try (Server encrypted = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .tls(ServerTls.of(TestPki.identity(pki.issueFor("localhost"))))
                .service(service)
                .start()) {
            expect(
                    runner().withPropertyValues(
                                    "spring.ssl.bundle.pem.internal.truststore.certificate=" + pki.authority(directory),
                                    "grpc.client.greeter.ssl.bundle=internal",
                                    "grpc.client.greeter.target=localhost:" + encrypted.port(),
                                    CREDENTIALS + "bearer.token=abc"),
                    "Bearer abc");
        }
    }

    // ---- what stops the start ----

    @Test
    void severalMechanismsStopTheStart() {
        runner().withPropertyValues(CREDENTIALS + "bearer.token=abc", CREDENTIALS + "relay=true")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo("The gRPC client 'greeter' has several credentials, and a call carries one: "
                                + CREDENTIALS + "bearer.token, " + CREDENTIALS + "relay."));
    }

    @ParameterizedTest
    @CsvSource({"basic.username=alice, basic.password", "basic.password=secret, basic.username"})
    void halfOfAPairStopsTheStart(String set, String missing) {
        runner().withPropertyValues(CREDENTIALS + set).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("The gRPC client 'greeter' has half of its credentials: " + CREDENTIALS + missing
                            + " is not set.");
        });
    }

    @Test
    void credentialsThatCannotTravelStopTheStartAndAreNotRepeated() {
        runner().withPropertyValues(CREDENTIALS + "bearer.token=sec ret").run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .contains("holds one at index 3")
                    .doesNotContain("sec ret");
            assertThat(analysisOf(context).getAction()).contains(CREDENTIALS + "bearer.token");
        });
        runner().withPropertyValues(CREDENTIALS + "bearer.token=")
                .run(context -> assertThat(analysisOf(context).getDescription()).contains("the bearer token is empty"));
        runner().withPropertyValues(CREDENTIALS + "basic.username=al:ice", CREDENTIALS + "basic.password=secret")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("holds a colon at index 2")
                        .doesNotContain("al:ice", "secret"));
    }

    @Test
    void propertiesDoNotShowSecrets() {
        CredentialsProperties properties = new CredentialsProperties(
                true,
                new CredentialsProperties.Bearer("secret"),
                new CredentialsProperties.Basic("secret", "secret"),
                new CredentialsProperties.Oauth2("billing"),
                false,
                false);
        assertThat(properties.toString()).doesNotContain("secret");
    }

    static class Caller {
        @GrpcClient("greeter")
        Greeter.Client greeter;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(client = "greeter", types = Greeter.Client.class)
    static class Registered {}

    @Configuration(proxyBeanMethods = false)
    static class Global {

        @Bean
        @GrpcGlobalClientInterceptor
        @Order(GrpcClientInterceptorOrder.AUTHENTICATION - 1)
        ClientInterceptor globalCredentials() {
            return CredentialsInterceptor.of(BearerToken.of("global"));
        }
    }
}
