// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.migration.LostEncryption;
import dev.peregrine.grpc.boot.migration.OldProperties;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.server.Server;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Serves the {@link GrpcService} beans, unless {@code grpc.server.enabled} is false or the application has a
 * {@link Server} of its own. Whether there are such beans is asked when the context starts, not by a condition, so that
 * services from later configurations count too.
 */
@AutoConfiguration(after = {SslAutoConfiguration.class, TaskExecutionAutoConfiguration.class})
@ConditionalOnBooleanProperty(name = "grpc.server.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(Server.class)
@EnableConfigurationProperties({GrpcServerProperties.class, ShutdownProperties.class})
public final class GrpcServerAutoConfiguration {

    @Bean
    GrpcServers grpcServers(
            GrpcServerProperties properties,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<GrpcServerCustomizer> customizers,
            ObjectProvider<ServiceDescriber> describers,
            ObjectProvider<MessageEncoding> encodings,
            ObjectProvider<SslBundles> bundles,
            ConfigurableEnvironment environment,
            ApplicationEventPublisher events) {
        ServerPlans plans = new ServerPlans(
                new ConfiguredServers(environment, properties),
                new ServedBeans(beans),
                new ServerTlsFactory(bundles, new LostEncryption(new OldProperties(environment))),
                new HandlerThreadsFactory(beans, environment),
                new ServiceOptionsFactory(beans));
        ServerFactory factory = new ServerFactory(customizers, describers, new ServerEncodings(encodings));
        return new GrpcServers(plans, factory, environment, events);
    }

    @Bean
    ServerStartStop grpcServerStartStop(GrpcServers servers) {
        return new ServerStartStop(servers);
    }

    @Bean
    Leaving grpcServersLeaving(
            GrpcServers servers,
            ShutdownProperties shutdown,
            ApplicationContext context,
            ObjectProvider<ApplicationAvailability> availability) {
        return new Leaving(servers, context, availability, shutdown.preDrainDelayIn(context.getEnvironment()));
    }

    @Bean
    ServerDrain grpcServerDrain(
            GrpcServers servers,
            Leaving leaving,
            ShutdownProperties shutdown,
            ObjectProvider<LifecycleProperties> lifecycle) {
        LifecycleProperties container = lifecycle.getIfAvailable();
        return new ServerDrain(
                servers, leaving, shutdown, container == null ? null : container.getTimeoutPerShutdownPhase());
    }
}
