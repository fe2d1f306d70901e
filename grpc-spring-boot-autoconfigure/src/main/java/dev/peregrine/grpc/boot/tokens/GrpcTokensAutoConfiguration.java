// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.client.GrpcClientInterceptorOrder;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AbstractOAuth2Token;

/** Credentials of clients. Nothing is fetched before a call needs it. */
@AutoConfiguration(after = GrpcClientAutoConfiguration.class)
@EnableConfigurationProperties(CredentialsProperties.class)
public final class GrpcTokensAutoConfiguration {

    @Bean
    @Lazy
    @Order(GrpcClientInterceptorOrder.AUTHENTICATION)
    CredentialsFactory grpcClientCredentials(
            Environment environment,
            ObjectProvider<RegisteredTokens> registered,
            ObjectProvider<AuthenticatedToken> authenticated,
            ObjectProvider<AbsentRegistrations> absent) {
        return new CredentialsFactory(
                new CredentialsSettings(environment),
                registered,
                authenticated,
                absent.getIfAvailable(() -> AbsentRegistrations.REFUSED));
    }

    /** With an OAuth2 client on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(OAuth2AuthorizedClientManager.class)
    static class Registered {

        @Bean
        @Lazy
        OAuth2Tokens grpcClientTokens(
                ObjectProvider<OAuth2AuthorizedClientManager> managers,
                ObjectProvider<ClientRegistrationRepository> registrations,
                ObjectProvider<OAuth2AuthorizedClientService> services) {
            Clock clock = Clock.systemUTC();
            return new OAuth2Tokens(new OAuth2Managers(managers, registrations, services, clock), clock);
        }
    }

    /** With a resource server, or anything else that knows OAuth2 tokens, on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SecurityContextHolder.class, AbstractOAuth2Token.class})
    static class Authenticated {

        @Bean
        @Lazy
        SecurityContextToken grpcClientSecurityContextToken() {
            return new SecurityContextToken();
        }
    }
}
