// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServerCustomizer;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.services.health.HealthRegistry;
import dev.peregrine.grpc.services.health.HealthService;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Serves {@code grpc.health.v1} on every server or on one, unless {@code grpc.server.health.enabled} is false or the application has a
 * health service of its own. The application's global interceptors do not stand before it: one that asks for credentials
 * would have every probe fail.
 */
@AutoConfiguration(
        after = GrpcServerAutoConfiguration.class,
        afterName = "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass(HealthService.class)
@ConditionalOnBean(GrpcServers.class)
@ConditionalOnMissingBean({Health.Service.class, Health.AsyncService.class})
@ConditionalOnBooleanProperty(name = "grpc.server.health.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HealthProperties.class)
public final class GrpcHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    HealthRegistry grpcHealthRegistry() {
        return new HealthRegistry();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @GrpcService(servers = "${grpc.server.health.server:*}", globalInterceptors = false)
    HealthService grpcHealthService(HealthRegistry registry) {
        return new HealthService(registry);
    }

    @Bean
    HealthReporter grpcHealthReporter(HealthRegistry registry, HealthProperties properties) {
        return new HealthReporter(registry, properties);
    }

    @Bean
    HealthRefresh grpcHealthRefresh(
            ObjectProvider<Contributors> contributors, HealthReporter reporter, HealthProperties properties) {
        return new HealthRefresh(
                contributors.getIfAvailable(() -> Contributors.NONE),
                reporter,
                properties.refreshInterval(),
                HealthRefresh.TIMEOUT);
    }

    @Bean
    HealthEvents grpcHealthEvents(
            ApplicationContext context, GrpcServers servers, HealthReporter reporter, HealthRefresh refresh) {
        return new HealthEvents(context, servers, reporter, refresh);
    }

    /** Last, when all services of a server are known; and before it listens, so that nobody finds one unknown. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    GrpcServerCustomizer grpcHealthOfServices(HealthReporter reporter) {
        return (name, server) -> server.services().stream()
                .filter(service -> !service.name().startsWith("grpc."))
                .forEach(service -> reporter.add(service.name()));
    }

    /** The contributors of an application with Spring Boot's health. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthContributorRegistry.class)
    @ConditionalOnBean(HealthContributorRegistry.class)
    static class OfSpringBoot {

        @Bean
        @ConditionalOnMissingBean
        Contributors grpcHealthContributors(HealthContributorRegistry registry) {
            return new BootContributors(List.of(registry));
        }
    }

    /** The same, of an application that has contributors of the reactive kind too. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(value = ReactiveHealthContributorRegistry.class, name = "reactor.core.publisher.Flux")
    @ConditionalOnBean({HealthContributorRegistry.class, ReactiveHealthContributorRegistry.class})
    static class OfReactiveSpringBoot {

        @Bean
        Contributors grpcHealthContributors(
                HealthContributorRegistry registry, ReactiveHealthContributorRegistry reactive) {
            HealthContributors blocking = reactive.asHealthContributors();
            return new BootContributors(List.of(registry, blocking));
        }
    }
}
