// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.Callers.as;
import static dev.peregrine.grpc.boot.security.fixture.Callers.channelTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.springframework.security.core.authority.AuthorityUtils.createAuthorityList;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.guide.Catalog;
import dev.peregrine.grpc.boot.security.guide.Order;
import dev.peregrine.grpc.boot.security.guide.Orders;
import dev.peregrine.grpc.boot.security.guide.Receipt;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.RequestReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** What {@code docs/security.md} shows. */
class SecurityGuideTests {

    private static final Issuer ISSUER = new Issuer();

    private final ApplicationContextRunner runner = SecurityRunners.runner()
            .withUserConfiguration(OrderService.class, CatalogService.class)
            .withBean(JwtDecoder.class, ISSUER::decoder);

    @Test
    void theRulesOfTheGuideHold() {
        runner.withInitializer(SecurityGuideTests::addRules)
                .run(context -> assertThat(context.getBean(AccessControl.class).rules())
                        .containsEntry("shop.Catalog/Search", "permitAll")
                        .containsEntry("shop.Orders/Cancel", "hasAnyRole(CLERK, MANAGER)")
                        .containsEntry("shop.Orders/Upload", "hasScope(orders)"));
    }

    @Test
    void everyPropertyIsInTheGuide() throws IOException {
        String metadata;
        try (InputStream file = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        Set<String> names = Pattern.compile("\"name\": \"grpc\\.security\\.([a-z0-9-]+)\"")
                .matcher(metadata)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(names).hasSizeGreaterThan(4);
        assertThat(Files.readString(Path.of("../docs/security.md"))).contains(names);
    }

    @Test
    void theChainOfTheGuideHolds() {
        runner.withUserConfiguration(OrdersSecurity.class).run(context -> {
            assertThat(context.getBean(AccessControl.class).rules())
                    .containsEntry("shop.Catalog/Search", "permitAll")
                    .containsEntry("shop.Orders/Cancel", "hasRole(CLERK)")
                    .containsEntry("shop.Orders/Upload", "authenticated");
            assertThat(search(context, null)).isEqualTo("Hello anonymous");
            assertThat(search(context, ISSUER.token("ann", "orders"))).isEqualTo("Hello ann");
            assertThat(upload(context, "ann", "ann", "ann")).isEqualTo("2 orders of ann");
            assertThat(catchThrowableOfType(StatusException.class, () -> upload(context, "ann", "ann", "bob"))
                            .code())
                    .isEqualTo(StatusCode.PERMISSION_DENIED);
        });
    }

    private static String search(ApplicationContext context, String token) {
        try (ManagedChannel channel = channelTo(context)) {
            return as(Catalog.Client.create(channel), token == null ? null : "Bearer " + token)
                    .search(Order.getDefaultInstance())
                    .getText();
        }
    }

    private static String upload(ApplicationContext context, String caller, String... customers) {
        try (ManagedChannel channel = channelTo(context);
                ClientStreamingCall<Order, Receipt> call = as(
                                Orders.Client.create(channel), "Bearer " + ISSUER.token(caller, "orders"))
                        .upload()) {
            for (String customer : customers) {
                call.write(Order.newBuilder().setCustomer(customer).build());
            }
            return call.finish().getText();
        }
    }

    private static void addRules(ConfigurableApplicationContext context) {
        try {
            new YamlPropertySourceLoader()
                    .load("rules", new ClassPathResource("guide/rules.yml"))
                    .forEach(context.getEnvironment().getPropertySources()::addFirst);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OrdersSecurity {

        @Bean
        GrpcSecurityChain orders(GrpcSecurity grpc) {
            return grpc.callsMatching("shop.*")
                    .oauth2ResourceServer(tokens -> tokens.jwt())
                    .x509(certificates -> certificates.authorities(name -> createAuthorityList("ROLE_JOB")))
                    .authorizeCalls(calls -> calls.matching("shop.Orders/Cancel")
                            .hasRole("CLERK")
                            .matching("shop.Catalog")
                            .permitAll()
                            .anyCall()
                            .authenticated())
                    .build();
        }
    }

    @GrpcService
    static class OrderService implements Orders.Service {

        @Override
        @PreAuthorizeEach("#message.customer == authentication.name")
        public Receipt upload(RequestReader<Order> orders) {
            int count = 0;
            String customer = "";
            for (Order order : orders) {
                customer = order.getCustomer();
                count++;
            }
            return text(count + " orders of " + customer);
        }
    }

    @GrpcService
    static class CatalogService implements Catalog.AsyncService {

        @Override
        public CompletionStage<Receipt> search(Order request) {
            CallContext call = CallContext.current();
            return CompletableFuture.supplyAsync(() -> greet(GrpcCaller.of(call).getName()));
        }

        private static Receipt greet(String name) {
            return text("Hello " + name);
        }
    }

    private static Receipt text(String text) {
        return Receipt.newBuilder().setText(text).build();
    }
}
