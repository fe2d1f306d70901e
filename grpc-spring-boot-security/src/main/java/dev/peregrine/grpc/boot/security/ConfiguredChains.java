// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.util.ClassUtils;

/**
 * The chains that the starter makes itself, by properties and by what the application has to check credentials with.
 *
 * <pre>
 *   health, if it is open to all ── chains of the application ── the chain of grpc.security.rules ── closed
 * </pre>
 */
final class ConfiguredChains {

    private static final String HEALTH = "grpc.health.v1.Health";
    private static final String RESOURCE_SERVER =
            "org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider";

    private final GrpcSecurityProperties properties;
    private final BeanFactory beans;
    private final Supplier<GrpcSecurity> builders;

    ConfiguredChains(GrpcSecurityProperties properties, BeanFactory beans, Supplier<GrpcSecurity> builders) {
        this.properties = properties;
        this.beans = beans;
        this.builders = builders;
    }

    /** All chains, with those of the application between them, in the order in which methods are held against them. */
    List<GrpcSecurityChain> around(List<GrpcSecurityChain> ofApplication) {
        List<GrpcSecurityChain> all = new ArrayList<>();
        if (properties.health() == GrpcSecurityProperties.HealthAccess.OPEN) {
            all.add(builders.get()
                    .callsMatching(HEALTH)
                    .authorizeCalls(calls -> calls.anyCall().permitAll())
                    .build());
        }
        all.addAll(ofApplication);
        if (ofApplication.isEmpty() || !properties.rules().isEmpty()) {
            all.add(ofProperties());
        }
        return all;
    }

    private GrpcSecurityChain ofProperties() {
        GrpcSecurity grpc = builders.get();
        boolean somebodyIsKnown = addMechanisms(grpc);
        return grpc.authorizeCalls(calls -> {
                    properties.rules().forEach(rule -> rule.addTo(calls));
                    if (properties.rules().isEmpty() && somebodyIsKnown) {
                        calls.anyCall().authenticated();
                    }
                })
                .build();
    }

    /** Whether there is any. */
    private boolean addMechanisms(GrpcSecurity grpc) {
        boolean any = true;
        if (ClassUtils.isPresent(RESOURCE_SERVER, ConfiguredChains.class.getClassLoader())
                && Tokens.areKnownTo(beans)) {
            grpc.oauth2ResourceServer(server -> Tokens.choose(beans, server));
        } else if (beans.getBeanProvider(UserDetailsService.class).getIfUnique() != null) {
            grpc.httpBasic();
        } else {
            any = false;
        }
        if (properties.x509()) {
            grpc.x509(certificates -> {});
        }
        return any || properties.x509();
    }

    /** Loaded only where there are tokens. */
    private static final class Tokens {

        static boolean areKnownTo(BeanFactory beans) {
            return isThere(beans, JwtDecoder.class) || isThere(beans, OpaqueTokenIntrospector.class);
        }

        static void choose(BeanFactory beans, ResourceServer server) {
            if (isThere(beans, JwtDecoder.class)) {
                server.jwt();
            } else {
                server.opaqueToken();
            }
        }

        private static boolean isThere(BeanFactory beans, Class<?> type) {
            return beans.getBeanProvider(type).getIfUnique() != null;
        }
    }
}
