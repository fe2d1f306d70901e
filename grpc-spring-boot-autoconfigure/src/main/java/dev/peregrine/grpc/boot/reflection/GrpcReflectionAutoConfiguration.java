// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.reflection;

import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.ServiceDescriber;
import dev.peregrine.grpc.services.reflection.ReflectionServices;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** Adds reflection to every server or to one, if {@link ReflectionChoice} says so. */
@AutoConfiguration(after = GrpcServerAutoConfiguration.class)
@ConditionalOnClass(ReflectionServices.class)
@ConditionalOnBean(GrpcServers.class)
@EnableConfigurationProperties(ReflectionProperties.class)
public final class GrpcReflectionAutoConfiguration {

    private static final Log log = LogFactory.getLog(GrpcReflectionAutoConfiguration.class);

    @Bean
    ServiceDescriber grpcReflection(
            ReflectionProperties properties, ApplicationContext context, ObjectProvider<GrpcServers> servers) {
        ReflectionChoice choice = ReflectionChoice.of(properties, context.getEnvironment(), context.getClassLoader());
        if (choice.worthSaying()) {
            log.info("gRPC reflection is " + (choice.on() ? "on" : "off") + ": " + choice.reason());
        }
        return choice.on()
                ? new Reflection(properties.server(), () -> servers.getObject().names())
                : (server, services) -> List.of();
    }
}
