// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.interceptor.CallCredentials;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/** Tokens of an authorization server, fetched over real sockets, for calls within the process. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class OAuth2TokensTests {

    private final InProcessAddress address = InProcessAddress.unique("tokens");
    private final HelloService service = new HelloService();
    private final TokenEndpoint endpoint = new TokenEndpoint();
    private Server server;
    private ApplicationContextRunner runner;

    @BeforeEach
    void serve() throws IOException {
        server = Server.builder().address(address).service(service).start();
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        OAuth2ClientAutoConfiguration.class,
                        GrpcClientAutoConfiguration.class,
                        GrpcTokensAutoConfiguration.class))
                .withPropertyValues(endpoint.registration())
                .withPropertyValues(
                        "grpc.client.greeter.target=" + address,
                        "grpc.client.greeter.credentials.oauth2.registration-id=billing")
                .withBean(Caller.class);
    }

    @AfterEach
    void stop() {
        endpoint.close();
        server.close();
    }

    private static CompletableFuture<HelloReply> call(ApplicationContext context) {
        return context.getBean(Caller.class)
                .greeter
                .withDeadlineAfter(Duration.ofSeconds(20))
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
    }

    private static StatusException failureOf(CompletableFuture<HelloReply> call) throws Exception {
        try {
            throw new AssertionError("expected a failure, got " + call.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException failure) {
            return (StatusException) failure.getCause();
        }
    }

    private List<String> tokensSeen() {
        return service.seen.stream()
                .map(call -> call.requestMetadata().get(CallCredentials.AUTHORIZATION))
                .toList();
    }

    @Test
    void aCallIsSentWithATokenOfItsRegistration() {
        runner.run(context -> {
            call(context).get(20, TimeUnit.SECONDS);
            call(context).get(20, TimeUnit.SECONDS);
            assertThat(tokensSeen()).containsExactly("Bearer token-1", "Bearer token-1");
            assertThat(endpoint.requests).hasValue(1);
        });
    }

    @Test
    void fiftyCallsAtOnceFetchOneToken() {
        endpoint.holding();
        runner.run(context -> {
            List<CompletableFuture<HelloReply>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(call(context));
            }
            endpoint.letGo();
            for (CompletableFuture<HelloReply> call : calls) {
                call.get(20, TimeUnit.SECONDS);
            }
            assertThat(tokensSeen()).hasSize(50).containsOnly("Bearer token-1");
            assertThat(endpoint.requests).hasValue(1);
        });
    }

    @Test
    void clientsOfOneRegistrationShareItsToken() {
        runner.withPropertyValues(
                        "grpc.client.other.target=" + address,
                        "grpc.client.other.credentials.oauth2.registration-id=billing")
                .withBean(Other.class)
                .run(context -> {
                    call(context).get(20, TimeUnit.SECONDS);
                    context.getBean(Other.class)
                            .greeter
                            .sayHello(HelloService.request("you"))
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
                    assertThat(endpoint.requests).hasValue(1);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "400, '{\"error\":\"invalid_client\"}', UNAUTHENTICATED",
        "400, '{\"error\":\"invalid_scope\"}', UNAUTHENTICATED",
        "400, '{\"error\":\"temporarily_unavailable\"}', UNAVAILABLE",
        "401, '{\"error\":\"invalid_client\"}', UNAUTHENTICATED",
        "401, '', UNAUTHENTICATED",
        "429, '', UNAVAILABLE",
        "500, '', UNAVAILABLE",
        "503, 'secret', UNAVAILABLE",
        "200, 'secret', UNAVAILABLE"
    })
    void aTokenThatIsNotGivenEndsTheCallByCauseAndWithoutInternals(
            int status, String body, StatusCode code, CapturedOutput output) {
        endpoint.answering(status, body);
        runner.run(context -> {
            StatusException failure = failureOf(call(context));
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.getMessage())
                    .contains("there is no token for the call", "'billing'")
                    .doesNotContain("secret", "http", "127.0.0.1");
            assertThat(failure.status().cause()).isNull();
            assertThat(service.seen).isEmpty();
        });
        assertThat(output)
                .contains("No token could be fetched for gRPC calls with the OAuth2 registration 'billing'")
                .doesNotContain("secret");
    }

    @Test
    void anAuthorizationServerThatIsNotThereIsUnavailable() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        runner.withPropertyValues(
                        "spring.security.oauth2.client.provider.fake.token-uri=http://127.0.0.1:" + nobody + "/token")
                .run(context -> assertThat(failureOf(call(context)).code()).isEqualTo(StatusCode.UNAVAILABLE));
    }

    @Test
    void manyCallsAfterAFailureDoNotAskAgainForEach() {
        endpoint.answering(401, "");
        runner.run(context -> {
            long before = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                failureOf(call(context));
            }
            // With pauses of at least a second, the first at once.
            long most = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before) + 1;
            assertThat((long) endpoint.requests.get()).isLessThanOrEqualTo(most);
        });
    }

    @Test
    void theManagerOfTheApplicationIsAskedIfItHasOne() {
        ClientRegistration billing = ClientRegistration.withRegistrationId("billing")
                .clientId("us")
                .tokenUri(endpoint.uri())
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .build();
        OAuth2AuthorizedClientManager manager = request -> new OAuth2AuthorizedClient(
                billing,
                request.getPrincipal().getName(),
                new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "theirs", null, null));
        runner.withBean(OAuth2AuthorizedClientManager.class, () -> manager).run(context -> {
            call(context).get(20, TimeUnit.SECONDS);
            assertThat(tokensSeen()).containsExactly("Bearer theirs");
            assertThat(endpoint.requests).hasValue(0);
        });
    }

    @Test
    void aManagerThatDoesNotAuthorizeIsARefusal() {
        runner.withBean(OAuth2AuthorizedClientManager.class, () -> request -> null)
                .run(context -> assertThat(failureOf(call(context)).code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void theDeadlineOfACallRunsWhileItsTokenIsFetched() {
        endpoint.holding();
        runner.run(context -> {
            StatusException failure = failureOf(context.getBean(Caller.class)
                    .greeter
                    .withDeadlineAfter(Duration.ofMillis(50))
                    .sayHello(HelloService.request("you"))
                    .toCompletableFuture());
            assertThat(failure.code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
            endpoint.letGo();
        });
    }

    // ---- what stops the start ----

    @Test
    void aRegistrationThatThereIsNotStopsTheStart() {
        runner.withPropertyValues("grpc.client.greeter.credentials.oauth2.registration-id=biling")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .isEqualTo(
                                    "The gRPC client 'greeter' takes its tokens from the OAuth2 registration 'biling',"
                                            + " and there is none of that name. Those that there are: billing.");
                    assertThat(analysisOf(context).getAction())
                            .contains("grpc.client.greeter.credentials.oauth2.registration-id");
                });
    }

    @Test
    void aRegistrationThatNeedsAUserStopsTheStart() {
        runner.withPropertyValues(
                        "spring.security.oauth2.client.registration.billing.authorization-grant-type=authorization_code",
                        "spring.security.oauth2.client.registration.billing.redirect-uri=http://localhost",
                        "spring.security.oauth2.client.provider.fake.authorization-uri=http://localhost")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("its grant is authorization_code, which needs a user"));
    }

    @Test
    void withoutAnOAuth2ClientTheStartIsStoppedWithTheDependencyToAdd() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(GrpcClientAutoConfiguration.class, GrpcTokensAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .withPropertyValues(
                        "grpc.client.greeter.target=" + address,
                        "grpc.client.greeter.credentials.oauth2.registration-id=billing")
                .withBean(Caller.class)
                .run(context -> assertThat(analysisOf(context).getAction())
                        .contains("spring-boot-starter-security-oauth2-client"));
    }

    static class Caller {
        @GrpcClient("greeter")
        Greeter.AsyncClient greeter;
    }

    static class Other {
        @GrpcClient("other")
        Greeter.AsyncClient greeter;
    }
}
