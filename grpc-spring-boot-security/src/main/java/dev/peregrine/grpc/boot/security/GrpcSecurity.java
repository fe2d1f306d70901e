// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.boot.policy.MethodPattern;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ObservationAuthenticationManager;
import org.springframework.security.authentication.ProviderManager;

/**
 * Builds a {@link GrpcSecurityChain}. A new one is injected wherever it is asked for.
 *
 * <pre>{@code
 * @Bean
 * GrpcSecurityChain orders(GrpcSecurity grpc) {
 *     return grpc.callsMatching("shop.*")
 *             .oauth2ResourceServer(tokens -> tokens.jwt())
 *             .authorizeCalls(calls -> calls.matching("shop.Orders/Cancel").hasRole("CLERK").anyCall().authenticated())
 *             .build();
 * }
 * }</pre>
 *
 * <p>Not for several threads. Calls come to a chain when the server has started, and nothing changes then.
 */
public final class GrpcSecurity {

    private final BeanFactory beans;
    private final Places places;
    private final CallAuthorization authorization;
    private final List<GrpcAuthenticationExtractor> extractors = new ArrayList<>();
    private final List<AuthenticationProvider> providers = new ArrayList<>();
    private final List<String> schemes = new ArrayList<>();
    private List<MethodPattern> methods = List.of(MethodPattern.of("*"));
    private @Nullable AuthenticationManager manager;

    GrpcSecurity(BeanFactory beans, Places places) {
        this.beans = beans;
        this.places = places;
        this.authorization =
                new CallAuthorization(beans.getBeanProvider(RoleHierarchy.class).getIfAvailable());
    }

    /**
     * The methods this chain holds for, by the patterns of {@link CallAuthorization}. Default: all.
     *
     * @throws IllegalArgumentException if a pattern has none of their forms
     */
    public GrpcSecurity callsMatching(String... patterns) {
        methods = Arrays.stream(patterns).map(MethodPattern::of).toList();
        return this;
    }

    /** Says who may call what. Without it nobody may. */
    public GrpcSecurity authorizeCalls(Consumer<CallAuthorization> rules) {
        rules.accept(authorization);
        return this;
    }

    /** Accepts bearer tokens: JWTs or opaque ones. */
    public GrpcSecurity oauth2ResourceServer(Consumer<ResourceServer> tokens) {
        ResourceServer server = new ResourceServer(beans, places);
        tokens.accept(server);
        extractors.add(new BearerTokenExtractor());
        providers.add(server.provider());
        schemes.add("Bearer");
        return this;
    }

    /** Accepts user names and passwords, checked against the application's {@code UserDetailsService}. */
    public GrpcSecurity httpBasic() {
        extractors.add(new BasicExtractor());
        providers.add(bounded(UserAccounts.provider(beans)));
        schemes.add("Basic realm=\"grpc\"");
        return this;
    }

    /** Accepts the certificates by which callers proved who they are on connections with mTLS. */
    public GrpcSecurity x509(Consumer<ClientCertificates> certificates) {
        ClientCertificates accepted = new ClientCertificates(beans);
        certificates.accept(accepted);
        extractors.add(accepted.extractor());
        providers.add(bounded(accepted.provider()));
        return this;
    }

    /** Reads credentials of one more kind. Extractors are asked in the order of these calls; the first that finds some wins. */
    public GrpcSecurity authenticationExtractor(GrpcAuthenticationExtractor extractor) {
        extractors.add(extractor);
        return this;
    }

    /** Checks credentials of one more kind; so many at once as {@code grpc.security.max-concurrent-authentications} says. */
    public GrpcSecurity authenticationProvider(AuthenticationProvider provider) {
        providers.add(bounded(provider));
        return this;
    }

    /** Checks all credentials, in place of every provider of this chain. It has to bound itself what it asks at once. */
    public GrpcSecurity authenticationManager(AuthenticationManager manager) {
        this.manager = manager;
        return this;
    }

    /**
     * @throws IllegalStateException if credentials are read that nothing checks
     */
    public GrpcSecurityChain build() {
        AuthenticationManager checks = manager == null ? ofProviders() : manager;
        if (checks == null && !extractors.isEmpty()) {
            throw new IllegalStateException("a GrpcSecurityChain reads credentials by " + extractors
                    + ", and nothing checks them; add an authenticationProvider or an authenticationManager");
        }
        return new GrpcSecurityChain(
                methods, extractors, checks == null ? null : observed(checks), authorization.rules(), schemes);
    }

    private @Nullable AuthenticationManager ofProviders() {
        if (providers.isEmpty()) {
            return null;
        }
        ProviderManager all = new ProviderManager(providers);
        beans.getBeanProvider(AuthenticationEventPublisher.class).ifAvailable(all::setAuthenticationEventPublisher);
        return all;
    }

    private AuthenticationManager observed(AuthenticationManager checks) {
        ObservationRegistry registry =
                beans.getBeanProvider(ObservationRegistry.class).getIfUnique(() -> ObservationRegistry.NOOP);
        return registry.isNoop() ? checks : new ObservationAuthenticationManager(registry, checks);
    }

    private AuthenticationProvider bounded(AuthenticationProvider provider) {
        return new BoundedProvider(provider, places.checks());
    }
}
