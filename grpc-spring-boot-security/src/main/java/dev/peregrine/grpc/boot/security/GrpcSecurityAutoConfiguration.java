// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import dev.peregrine.grpc.boot.advice.HandlerArgument;
import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import java.util.regex.Pattern;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.SecurityProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.SpringAuthorizationEventPublisher;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/**
 * Closes every method of every server to callers that no rule lets in, in applications that have Spring Security; unless
 * {@code grpc.security.enabled} is false.
 */
@AutoConfiguration(
        after = GrpcServerAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration"
        })
@ConditionalOnClass(AuthorizationManager.class)
@ConditionalOnBooleanProperty(
        name = {"grpc.server.enabled", "grpc.security.enabled"},
        matchIfMissing = true)
@EnableConfigurationProperties(GrpcSecurityProperties.class)
public final class GrpcSecurityAutoConfiguration {

    private final Places places;

    GrpcSecurityAutoConfiguration(GrpcSecurityProperties properties) {
        this.places = Places.of(properties.maxConcurrentAuthentications());
    }

    @Bean
    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    @ConditionalOnMissingBean
    GrpcSecurity grpcSecurity(BeanFactory beans) {
        return new GrpcSecurity(beans, places);
    }

    @Bean
    SecurityCounts grpcSecurityCounts() {
        return new SecurityCounts();
    }

    @Bean
    SecurityEvents grpcSecurityEvents(
            SecurityCounts counts,
            ObjectProvider<AuthorizationEventPublisher> publishers,
            ApplicationEventPublisher application) {
        return new SecurityEvents(
                counts, publishers.getIfAvailable(() -> new SpringAuthorizationEventPublisher(application)));
    }

    @Bean
    AccessControl grpcAccessControl(
            ObjectProvider<GrpcSecurityChain> chains,
            ObjectProvider<GrpcAuthenticationExtractor> extractors,
            GrpcSecurityProperties properties,
            BeanFactory beans,
            SecurityEvents events,
            ObjectProvider<UnmatchedPatterns> unmatched) {
        return new AccessControl(
                new ConfiguredChains(properties, beans, () -> new GrpcSecurity(beans, places))
                        .around(chains.orderedStream().toList()),
                extractors.orderedStream().toList(),
                events,
                unmatched.getIfAvailable(() -> UnmatchedPatterns.REFUSED));
    }

    @Bean
    SecurityInterceptor grpcSecurityInterceptor(
            AccessControl control, ObjectProvider<SecurityContextHolderStrategy> holders) {
        return new SecurityInterceptor(
                control, holders.getIfAvailable(SecurityContextHolder::getContextHolderStrategy));
    }

    /** Who calls, for advice: as Spring Security says it. */
    @Bean
    HandlerArgument<Authentication> grpcCallerOfAdvice() {
        return new HandlerArgument<>(Authentication.class, GrpcCaller::of);
    }

    @Bean
    AccessReport grpcAccessReport(AccessControl control) {
        return new AccessReport(control);
    }

    @Bean
    EachMessage grpcMessageAuthorization(BeanFactory beans, SecurityEvents events) {
        return new EachMessage(beans, events);
    }

    @Bean
    GrpcExceptionTranslator grpcSecurityExceptionTranslator(SecurityEvents events) {
        return new SecurityExceptionTranslator(events);
    }

    /** The user of {@code spring.security.user.*}, as Spring Boot makes it for web applications; never one by itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityProperties.class)
    @ConditionalOnProperty("spring.security.user.password")
    @ConditionalOnMissingBean(
            value = {AuthenticationManager.class, AuthenticationProvider.class, UserDetailsService.class},
            type = "org.springframework.security.oauth2.jwt.JwtDecoder")
    @EnableConfigurationProperties(SecurityProperties.class)
    static class OfProperties {

        private static final Pattern ENCODED = Pattern.compile("^\\{.+}.*$");

        @Bean
        UserDetailsService grpcUser(SecurityProperties properties, ObjectProvider<PasswordEncoder> encoders) {
            SecurityProperties.User user = properties.getUser();
            String password = user.getPassword();
            return new InMemoryUserDetailsManager(User.withUsername(user.getName())
                    .password(isEncoded(password, encoders) ? password : "{noop}" + password)
                    .roles(user.getRoles().toArray(String[]::new))
                    .build());
        }

        /** As Spring Boot sees it. */
        private static boolean isEncoded(String password, ObjectProvider<PasswordEncoder> encoders) {
            return encoders.getIfAvailable() != null
                    || ENCODED.matcher(password).matches();
        }
    }
}
