// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.Callers.ask;
import static dev.peregrine.grpc.boot.security.fixture.Callers.basic;
import static dev.peregrine.grpc.boot.security.fixture.Callers.open;
import static dev.peregrine.grpc.boot.security.fixture.Callers.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcErrorsAutoConfiguration;
import dev.peregrine.grpc.boot.security.fixture.Ask;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.Found;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.Lobby;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServerCustomizer;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import java.util.concurrent.atomic.AtomicReference;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Ways past the rules, and why they lead nowhere. */
class LoopholeTests {

    private static final Issuer ISSUER = new Issuer();
    private static final String ANN = "Bearer " + ISSUER.token("ann", "read");

    private final ApplicationContextRunner runner =
            SecurityRunners.runner().withBean(JwtDecoder.class, ISSUER::decoder);

    @Test
    void aChainForNothingEndsTheStart() {
        runner.withUserConfiguration(BlockingVault.class, MisspelledChain.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("the chain for 'fixture.Valt'"));
    }

    @Test
    void aRuleForAPackageOfNothingEndsTheStart() {
        runner.withUserConfiguration(BlockingVault.class)
                .withPropertyValues(
                        "grpc.security.rules[0].match=fixtrue.*",
                        "grpc.security.rules[0].any-role=CLERK",
                        "grpc.security.rules[1].match=*",
                        "grpc.security.rules[1].access=authenticated")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("'fixtrue.*' hasRole(CLERK)"));
    }

    @Test
    void aContextBelowOneWithSecurityDoesNotServeWithoutItsOwn() {
        runner.withUserConfiguration(BlockingVault.class)
                .run(parent -> new ApplicationContextRunner()
                        .withParent(parent)
                        .withConfiguration(AutoConfigurations.of(
                                GrpcServerAutoConfiguration.class, GrpcErrorsAutoConfiguration.class))
                        .withUserConfiguration(BlockingVault.class)
                        .withPropertyValues("grpc.server.address=127.0.0.1", "grpc.server.port=0")
                        .run(child -> assertThat(child)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining("has no security of its own, though the one above it has")));
    }

    @Test
    void whatAsksOfNoCallEndsTheStart() {
        runner.withUserConfiguration(AbsentMindedVault.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("AbsentMindedVault.opened would not hold"));
    }

    @Test
    void rulesOfAServiceAreSeenBehindSeveralProxies() {
        runner.withUserConfiguration(TwiceProxied.class)
                .run(context -> assertThat(catchThrowableOfType(StatusException.class, () -> open(context, ANN))
                                .code())
                        .isEqualTo(StatusCode.PERMISSION_DENIED));
    }

    @Test
    void anExpressionThatFailsEndsTheCall() {
        runner.withUserConfiguration(NumbersOnly.class).run(context -> {
            StatusException end = catchThrowableOfType(
                    StatusException.class,
                    () -> ask(context, ANN, client -> {
                        try (BidiStreamingCall<Ask, Found> call = client.talk()) {
                            call.write(Ask.newBuilder().setText("x").build());
                            return call.read();
                        }
                    }));
            assertThat(end.code()).isEqualTo(StatusCode.UNKNOWN);
        });
    }

    @Test
    void servicesOfCustomizersAreAskedOffTheEventLoopToo() {
        AtomicReference<String> thread = new AtomicReference<>();
        JwtDecoder decoder = ISSUER.decoder();
        SecurityRunners.runner()
                .withBean(JwtDecoder.class, () -> token -> {
                    thread.set(Thread.currentThread().getName());
                    return decoder.decode(token);
                })
                .withUserConfiguration(AddedByHand.class)
                .run(context -> {
                    assertThat(open(context, ANN)).isEqualTo("ann");
                    assertThat(thread.get()).startsWith("grpc-handler-");
                    assertThat(refusalOf(context, null).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
                });
    }

    @Test
    void anEncodedPasswordOfThePropertiesIsLeftAsItIs() {
        SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class)
                .withBean(PasswordEncoder.class, () -> new BCryptPasswordEncoder(4))
                .withPropertyValues(
                        "spring.security.user.name=ann",
                        "spring.security.user.password=" + new BCryptPasswordEncoder(4).encode("secret"))
                .run(context ->
                        assertThat(open(context, basic("ann", "secret"))).isEqualTo("ann"));
    }

    @Test
    void aDecisionThatIsThrownIsAboutTheCaller() {
        runner.withUserConfiguration(BlockingVault.class, ThrowingRule.class)
                .run(context -> assertThat(refusalOf(context, ANN).code()).isEqualTo(StatusCode.PERMISSION_DENIED));
    }

    @Configuration(proxyBeanMethods = false)
    static class MisspelledChain {

        @Bean
        @Order(1)
        GrpcSecurityChain vault(GrpcSecurity grpc) {
            return grpc.callsMatching("fixture.Valt")
                    .oauth2ResourceServer(ResourceServer::jwt)
                    .authorizeCalls(calls -> calls.anyCall().hasRole("ADMIN"))
                    .build();
        }

        @Bean
        @Order(2)
        GrpcSecurityChain rest(GrpcSecurity grpc) {
            return grpc.oauth2ResourceServer(ResourceServer::jwt)
                    .authorizeCalls(calls -> calls.anyCall().authenticated())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ThrowingRule {

        @Bean
        GrpcSecurityChain vault(GrpcSecurity grpc) {
            return grpc.oauth2ResourceServer(ResourceServer::jwt)
                    .authorizeCalls(calls -> calls.anyCall().access((caller, call) -> {
                        throw new AccessDeniedException("no");
                    }))
                    .build();
        }
    }

    @GrpcService
    static class AbsentMindedVault implements Vault.Service {

        @PreAuthorizeEach("denyAll")
        public Found opened(Ask request) {
            return BlockingVault.found(request.getText());
        }

        @Override
        public Found open(Ask request) {
            return opened(request);
        }
    }

    static class ClosedVault implements Vault.Service {

        @Override
        @PreAuthorizeEach("denyAll")
        public Found open(Ask request) {
            return BlockingVault.found(request.getText());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwiceProxied {

        @Bean
        @GrpcService
        Vault.Service vault() {
            return proxied(proxied(new ClosedVault()));
        }

        private static Vault.Service proxied(Vault.Service service) {
            ProxyFactory proxy = new ProxyFactory(service);
            proxy.addAdvice((MethodInterceptor) call -> call.proceed());
            return (Vault.Service) proxy.getProxy();
        }
    }

    @GrpcService
    static class NumbersOnly implements Vault.Service {

        @Override
        @PreAuthorizeEach("T(Integer).parseInt(#message.text) > 0")
        public void talk(RequestReader<Ask> requests, ResponseWriter<Found> responses) {
            for (Ask request : requests) {
                responses.write(BlockingVault.found(request.getText()));
            }
        }
    }

    static class PromptVault implements Vault.Service {

        @Override
        @NonBlocking
        public Found open(Ask request) {
            return BlockingVault.found(request.getText());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AddedByHand {

        @Bean
        GrpcServerCustomizer byHand() {
            return (name, server) -> server.service(new PromptVault());
        }

        @Bean
        @GrpcService
        Lobby.Service lobby() {
            return new Lobby.Service() {};
        }
    }
}
