// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.EncodingBeans;
import dev.peregrine.grpc.boot.migration.LostEncryption;
import dev.peregrine.grpc.boot.migration.OldProperties;
import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
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
import org.springframework.core.env.Environment;

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
    ConfiguredServers grpcConfiguredServers(Environment environment, GrpcServerProperties properties) {
        return new ConfiguredServers(environment, properties);
    }

    @Bean
    GrpcServers grpcServers(ConfiguredServers configured) {
        return new GrpcServers(configured.enabled().keySet());
    }

    @Bean
    InterceptorBeans grpcServerInterceptorBeans(ConfigurableListableBeanFactory beans) {
        return new InterceptorBeans(beans);
    }

    @Bean
    ServerPlans grpcServerPlans(
            ConfiguredServers configured,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<SslBundles> bundles,
            InterceptorBeans interceptors,
            ObjectProvider<MessageEncoding> encodings,
            ObjectProvider<UnmatchedPatterns> unmatched,
            Environment environment) {
        ExecutorBeans executors = new ExecutorBeans(beans);
        return new ServerPlans(
                configured,
                new ServedBeans(beans),
                new ServerTlsFactory(bundles, new LostEncryption(new OldProperties(environment))),
                new HandlerThreadsFactory(beans, environment, executors),
                new ServiceOptionsFactory(interceptors, executors, unmatched),
                new ServerEncodings(new EncodingBeans(encodings)));
    }

    @Bean
    ServerStartStop grpcServerStartStop(
            GrpcServers servers,
            ServerPlans plans,
            ObjectProvider<GrpcServerCustomizer> customizers,
            ObjectProvider<ServiceDescriber> describers,
            ConfigurableListableBeanFactory beans,
            ConfigurableEnvironment environment,
            ApplicationEventPublisher events) {
        ServerFactory factory = new ServerFactory(customizers, describers, new GuardBeans(beans));
        return new ServerStartStop(servers, plans, factory, environment, events);
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
            ServerStartStop servers,
            Leaving leaving,
            ShutdownProperties shutdown,
            ObjectProvider<LifecycleProperties> lifecycle) {
        LifecycleProperties container = lifecycle.getIfAvailable();
        return new ServerDrain(
                servers, leaving, shutdown, container == null ? null : container.getTimeoutPerShutdownPhase());
    }
}
