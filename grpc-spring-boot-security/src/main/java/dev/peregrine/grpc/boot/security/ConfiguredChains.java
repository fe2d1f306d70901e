// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.security.core.userdetails.UserDetailsService;
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
    private static final String RESOURCE_SERVER = "org.springframework.security.oauth2.server.resource.";
    private static final String JWT_PROVIDER = RESOURCE_SERVER + "authentication.JwtAuthenticationProvider";
    private static final String JWT_DECODER = "org.springframework.security.oauth2.jwt.JwtDecoder";
    private static final String OPAQUE_PROVIDER = RESOURCE_SERVER + "authentication.OpaqueTokenAuthenticationProvider";
    private static final String INTROSPECTOR = RESOURCE_SERVER + "introspection.OpaqueTokenIntrospector";

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
        if (has(JWT_PROVIDER, JWT_DECODER)) {
            grpc.oauth2ResourceServer(ResourceServer::jwt);
        } else if (has(OPAQUE_PROVIDER, INTROSPECTOR)) {
            grpc.oauth2ResourceServer(ResourceServer::opaqueToken);
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

    /**
     * Whether both types are on the class path and the application has a bean of the second.
     *
     * @throws FailureAnalyzedException if it has several, none of them primary: which one checks is not ours to guess
     */
    private boolean has(String provider, String bean) {
        ClassLoader classes = ConfiguredChains.class.getClassLoader();
        if (!ClassUtils.isPresent(provider, classes) || !ClassUtils.isPresent(bean, classes)) {
            return false;
        }
        ObjectProvider<?> found = beans.getBeanProvider(ClassUtils.resolveClassName(bean, classes));
        if (found.stream().findAny().isEmpty()) {
            return false;
        }
        if (found.getIfUnique() == null) {
            throw new FailureAnalyzedException(
                    "There are several beans of type " + ClassUtils.getShortName(bean)
                            + ", and gRPC calls have one chain.",
                    "Mark one as @Primary, or declare a GrpcSecurityChain that says which one is for which methods.");
        }
        return true;
    }
}
