// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.EncodingBeans;
import dev.peregrine.grpc.boot.migration.OldProperties;
import dev.peregrine.grpc.codec.MessageEncoding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Injects {@link GrpcClient}s. Nothing is made before one is asked for, and for a client that the application has a bean for,
 * nothing at all. {@code grpc.client.enabled=false} switches all of it off.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "grpc.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GrpcClientProperties.class)
public final class GrpcClientAutoConfiguration {

    @Bean
    static GrpcClientInjection grpcClientInjection() {
        return new GrpcClientInjection();
    }

    @Bean
    static FinalFields grpcClientFinalFields() {
        return new FinalFields();
    }

    @Bean
    @Lazy
    GrpcChannels grpcChannels(
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ChannelRegister register,
            ClientInterceptorBeans interceptors,
            ObjectProvider<SslBundles> sslBundles,
            ObjectProvider<MessageEncoding> encodings,
            ObjectProvider<GrpcChannelCustomizer> customizers) {
        ChannelFactory factory = new ChannelFactory(
                new ClientSettings(environment),
                new OldProperties(environment),
                new ClientServers(beans),
                new ClientEncryption(sslBundles),
                new ClientEncodings(new EncodingBeans(encodings)),
                interceptors,
                customizers);
        return new GrpcChannels(factory, register);
    }

    @Bean
    @Lazy
    ClientFactory grpcClientFactory(GrpcChannels channels) {
        return new ClientFactory(channels);
    }
}
