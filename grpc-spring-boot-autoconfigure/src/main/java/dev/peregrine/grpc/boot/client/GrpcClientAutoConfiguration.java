// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.client.ClientInterceptor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Injects {@link GrpcClient}s. Nothing is made before one is asked for. */
@AutoConfiguration
@EnableConfigurationProperties(GrpcClientProperties.class)
public final class GrpcClientAutoConfiguration {

    @Bean
    static GrpcClientInjection grpcClientInjection() {
        return new GrpcClientInjection();
    }

    @Bean
    @Lazy
    GrpcChannels grpcChannels(
            Environment environment,
            ListableBeanFactory beans,
            @GrpcGlobalClientInterceptor ObjectProvider<ClientInterceptor> globalInterceptors,
            ObjectProvider<GrpcChannelCustomizer> customizers) {
        AnnotatedBeans.names(beans, GrpcGlobalClientInterceptor.class, ClientInterceptor.class);
        return new GrpcChannels(new ClientSettings(environment), globalInterceptors, customizers);
    }

    @Bean
    @Lazy
    ClientFactory grpcClientFactory(GrpcChannels channels) {
        return new ClientFactory(channels);
    }
}
