// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.actuate;

import dev.peregrine.grpc.boot.AccessRules;
import dev.peregrine.grpc.boot.client.GrpcChannels;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * The endpoint, where the application exposes it ({@code management.endpoints.web.exposure.include=grpc}), and the line in
 * info, if {@code management.info.grpc.enabled} is true.
 */
@AutoConfiguration(after = GrpcServerAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
public final class GrpcActuatorAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    GrpcEndpoint grpcEndpoint(
            ObjectProvider<GrpcServers> servers,
            ObjectProvider<GrpcChannels> channels,
            ObjectProvider<AccessRules> rules) {
        return new GrpcEndpoint(servers, channels, rules);
    }

    @Bean
    @ConditionalOnEnabledInfoContributor(value = "grpc", fallback = InfoContributorFallback.DISABLE)
    GrpcInfoContributor grpcInfoContributor(ObjectProvider<GrpcServers> servers) {
        return new GrpcInfoContributor(servers);
    }
}
