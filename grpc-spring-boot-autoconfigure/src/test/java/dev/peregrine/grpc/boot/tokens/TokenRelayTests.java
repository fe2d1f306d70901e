// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interceptor.CallCredentials;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Whose token goes on: an outer service calls an inner one over clients that relay tokens, and one that does not. */
@Timeout(60)
class TokenRelayTests {

    private final InProcessAddress innerAddress = InProcessAddress.unique("inner");
    private final InProcessAddress outerAddress = InProcessAddress.unique("outer");
    private final HelloService inner = new HelloService();
    private Server innerServer;
    private ApplicationContextRunner runner;

    @BeforeEach
    void serve() throws IOException {
        innerServer = Server.builder().address(innerAddress).service(inner).start();
        runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(GrpcClientAutoConfiguration.class, GrpcTokensAutoConfiguration.class))
                .withPropertyValues(
                        "grpc.client.default.target=" + innerAddress, "grpc.client.inner.credentials.relay=true")
                .withBean(Outer.class);
    }

    @AfterEach
    void stop() {
        SecurityContextHolder.clearContext();
        innerServer.close();
    }

    private void callOuter(Outer outer, Metadata metadata) throws IOException {
        try (Server server =
                        Server.builder().address(outerAddress).service(outer).start();
                ManagedChannel channel =
                        ManagedChannel.builder(outerAddress.toString()).build()) {
            Greeter.Client.create(channel)
                    .withMetadata(metadata)
                    .withDeadlineAfter(Duration.ofSeconds(20))
                    .sayHello(HelloService.request("you"));
        }
    }

    private List<String> seen(int call) {
        return inner.seen.get(call).requestMetadata().getAll(CallCredentials.AUTHORIZATION);
    }

    @ParameterizedTest
    @CsvSource({"Bearer abc, Bearer abc", "bearer abc, Bearer abc", "BEARER  abc, Bearer abc"})
    void theTokenOfTheCallBeingAnsweredGoesOn(String sent, String relayed) {
        runner.run(context -> {
            callOuter(context.getBean(Outer.class), Metadata.of(CallCredentials.AUTHORIZATION, sent));
            assertThat(seen(0)).containsExactly(relayed);
        });
    }

    @Test
    void aClientThatIsNotSetToRelayDoesNot() {
        runner.run(context -> {
            callOuter(context.getBean(Outer.class), Metadata.of(CallCredentials.AUTHORIZATION, "Bearer abc"));
            assertThat(seen(1)).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "Bearer ", "Bearertoken", "Bearer"})
    void whatIsNoTokenDoesNotGoOn(String sent) {
        runner.run(context -> {
            callOuter(context.getBean(Outer.class), Metadata.of(CallCredentials.AUTHORIZATION, sent));
            assertThat(seen(0)).isEmpty();
        });
    }

    @Test
    void withoutACallerThereIsNoToken() {
        runner.run(context -> {
            context.getBean(Outer.class).inner.sayHello(HelloService.request("you"));
            assertThat(seen(0)).isEmpty();
        });
    }

    @Test
    void withoutSpringSecurityTheTokenOfTheCallGoesOnAllTheSame() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> {
                    callOuter(context.getBean(Outer.class), Metadata.of(CallCredentials.AUTHORIZATION, "Bearer abc"));
                    assertThat(seen(0)).containsExactly("Bearer abc");
                });
    }

    @Test
    void theTokenOfTheAuthenticationGoesOnWhereNoCallIsAnswered() {
        Jwt jwt = Jwt.withTokenValue("a.jwt.token")
                .header("alg", "none")
                .subject("alice")
                .build();
        expectOf(new JwtAuthenticationToken(jwt, List.of()), "Bearer a.jwt.token");
    }

    @Test
    void anOpaqueTokenOfTheAuthenticationGoesOn() {
        OAuth2AccessToken token = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER,
                "opaque",
                Instant.EPOCH,
                Instant.now().plusSeconds(60));
        expectOf(
                new BearerTokenAuthentication(
                        new DefaultOAuth2AuthenticatedPrincipal(Map.<String, Object>of("sub", "alice"), List.of()),
                        token,
                        List.of()),
                "Bearer opaque");
    }

    @Test
    void anAuthenticationByPasswordDoesNotGoOn() {
        expectOf(UsernamePasswordAuthenticationToken.authenticated("alice", "secret", List.of()));
    }

    @Test
    void anAuthenticationThatIsNotAuthenticatedDoesNotGoOn() {
        JwtAuthenticationToken token = new JwtAuthenticationToken(Jwt.withTokenValue("a.jwt.token")
                .header("alg", "none")
                .subject("alice")
                .build());
        expectOf(token);
    }

    private void expectOf(Authentication authentication, String... authorization) {
        runner.run(context -> {
            SecurityContextHolder.getContext().setAuthentication(authentication);
            context.getBean(Outer.class).inner.sayHello(HelloService.request("you"));
            assertThat(seen(0)).containsExactly(authorization);
        });
    }

    /** Asks twice: over the client that relays, and over the one that does not. */
    static class Outer implements Greeter.Service {

        @GrpcClient("inner")
        Greeter.Client inner;

        @GrpcClient("stranger")
        Greeter.Client stranger;

        @Override
        public HelloReply sayHello(HelloRequest request) {
            inner.sayHello(request);
            return stranger.sayHello(request);
        }
    }
}
