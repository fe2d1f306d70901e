// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.client.GrpcClientInterceptorOrder;
import dev.peregrine.grpc.boot.client.GrpcGlobalClientInterceptor;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interceptor.BasicCredentials;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CallCredentials;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;

/** The code and the properties of "Calling with tokens" in {@code docs/security.md}, which are quoted from here. */
@Timeout(60)
class TokensGuideTests {

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        OAuth2ClientAutoConfiguration.class,
                        GrpcClientAutoConfiguration.class,
                        GrpcTokensAutoConfiguration.class));
    }

    @Test
    void anApplicationWithThesePropertiesStarts() {
        runner().withInitializer(context -> {
                    try {
                        new YamlPropertySourceLoader()
                                .load("guide", new ClassPathResource("guide/tokens.yml"))
                                .forEach(context.getEnvironment().getPropertySources()::addLast);
                    } catch (IOException unreadable) {
                        throw new AssertionError(unreadable);
                    }
                })
                .withPropertyValues("METRICS_PASSWORD=secret", "SHOP_SECRET=secret")
                .withBean(All.class)
                .run(context -> assertThat(context.getBean(All.class).metrics.isPrivate())
                        .isTrue());
    }

    @Test
    void theCodeRuns() throws Exception {
        InProcessAddress address = InProcessAddress.unique("guide");
        HelloService service = new HelloService();
        try (Server server = Server.builder().address(address).service(service).start();
                ManagedChannel channel =
                        ManagedChannel.builder(address.toString()).build()) {
            runner().withPropertyValues("grpc.client.greeter.target=" + address)
                    .withUserConfiguration(Vaulted.class)
                    .run(context -> sayHello(context.getBean(One.class).greeter, "you"));
            asAlice(Greeter.Client.create(channel), "secret");
            assertThat(service.seen)
                    .extracting(call -> call.requestMetadata().get(CallCredentials.AUTHORIZATION))
                    .containsExactly("Bearer vaulted", "Basic YWxpY2U6c2VjcmV0");
        }
    }

    private static void asAlice(Greeter.Client greeter, String password) {
        greeter.withInterceptors(CredentialsInterceptor.of(BasicCredentials.of("alice", password)))
                .sayHello(HelloService.request("you"));
    }

    interface Vault {
        CompletionStage<String> token();
    }

    @Configuration(proxyBeanMethods = false)
    static class Vaulted {

        @Bean
        @GrpcGlobalClientInterceptor
        @Order(GrpcClientInterceptorOrder.AUTHENTICATION)
        CredentialsInterceptor vaultToken(Vault vault) {
            return CredentialsInterceptor.of(BearerToken.fromAsync(vault::token));
        }

        @Bean
        Vault vault() {
            return () -> CompletableFuture.completedFuture("vaulted");
        }

        @Bean
        One one() {
            return new One();
        }
    }

    static class One {
        @GrpcClient("greeter")
        Greeter.Client greeter;
    }

    static class All {
        @GrpcClient("users")
        Channel users;

        @GrpcClient("billing")
        Channel billing;

        @GrpcClient("metrics")
        Channel metrics;
    }
}
