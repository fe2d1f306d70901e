// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.channelz;

import dev.peregrine.grpc.boot.client.GrpcChannels;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.services.channelz.ChannelzService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** Serves channelz if {@code grpc.server.channelz.enabled} is true. */
@AutoConfiguration(after = GrpcServerAutoConfiguration.class)
@ConditionalOnClass(ChannelzService.class)
@ConditionalOnBean(GrpcServers.class)
@ConditionalOnBooleanProperty(name = "grpc.server.channelz.enabled")
@EnableConfigurationProperties(ChannelzProperties.class)
public final class GrpcChannelzAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @GrpcService(servers = "${grpc.server.channelz.server:*}")
    @ConditionalOnMissingBean
    ChannelzService grpcChannelz(ObjectProvider<GrpcServers> servers, ObjectProvider<GrpcChannels> channels) {
        return new ChannelzService(
                () -> servers.getObject().running().values(),
                () -> channels.stream()
                        .flatMap(all -> all.open().values().stream())
                        .toList());
    }
}
