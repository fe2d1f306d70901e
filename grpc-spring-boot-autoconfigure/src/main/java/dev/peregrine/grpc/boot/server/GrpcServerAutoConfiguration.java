// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerInterceptor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Serves the {@link GrpcService} beans, unless {@code grpc.server.enabled} is false or the application has a
 * {@link Server} of its own. Whether there are such beans is asked when the context starts, not by a condition, so that
 * services from later configurations count too.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "grpc.server.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(Server.class)
@EnableConfigurationProperties(GrpcServerProperties.class)
public final class GrpcServerAutoConfiguration {

    @Bean
    ServerRunner grpcServerRunner(
            GrpcServerProperties properties,
            ListableBeanFactory beans,
            @GrpcGlobalServerInterceptor ObjectProvider<ServerInterceptor> globalInterceptors,
            ObjectProvider<GrpcServerCustomizer> customizers,
            ConfigurableEnvironment environment) {
        ServerFactory factory = new ServerFactory(properties, beans, globalInterceptors, customizers);
        return new ServerRunner(factory, environment);
    }

    @Bean
    ServerStartStop grpcServerStartStop(ServerRunner runner) {
        return new ServerStartStop(runner);
    }

    @Bean
    ServerDrain grpcServerDrain(
            ServerRunner runner, GrpcServerProperties properties, ObjectProvider<LifecycleProperties> lifecycle) {
        LifecycleProperties container = lifecycle.getIfAvailable();
        return new ServerDrain(
                runner,
                properties.shutdownGracePeriod(),
                container == null ? null : container.getTimeoutPerShutdownPhase());
    }
}
