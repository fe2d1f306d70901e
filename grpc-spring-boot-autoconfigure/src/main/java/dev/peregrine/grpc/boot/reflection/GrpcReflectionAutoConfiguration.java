// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.reflection;

import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServerCustomizer;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.services.reflection.ReflectionServices;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Adds reflection to every server, if {@link ReflectionChoice} says so. */
@AutoConfiguration(after = GrpcServerAutoConfiguration.class)
@ConditionalOnClass(ReflectionServices.class)
@ConditionalOnBean(GrpcServers.class)
@EnableConfigurationProperties(ReflectionProperties.class)
public final class GrpcReflectionAutoConfiguration {

    private static final Log log = LogFactory.getLog(GrpcReflectionAutoConfiguration.class);

    private static final String OWN_NAMES = "grpc.reflection.";

    /** Last, so that it knows what the other customizers have added. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    GrpcServerCustomizer grpcReflection(ReflectionProperties properties, ApplicationContext context) {
        ReflectionChoice choice = ReflectionChoice.of(properties, context.getEnvironment(), context.getClassLoader());
        if (choice.worthSaying()) {
            log.info("gRPC reflection is " + (choice.on() ? "on" : "off") + ": " + choice.reason());
        }
        return (name, server) -> {
            if (choice.on()) {
                add(server);
            }
        };
    }

    private static void add(Server.Builder server) {
        List<ServiceDefinition> services = server.services();
        if (services.stream().noneMatch(service -> service.name().startsWith(OWN_NAMES))) {
            ReflectionServices.describing(services).forEach(server::service);
        }
    }
}
