// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.policy.MethodPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;

/**
 * How calls of some methods are authenticated, and who may make them. Made by {@link GrpcSecurity#build()}; as a bean it
 * holds for the methods it matches. Of several that match a method the first, by {@code @Order}, holds alone.
 */
public final class GrpcSecurityChain {

    private final List<MethodPattern> methods;
    private final List<GrpcAuthenticationExtractor> extractors;
    private final @Nullable AuthenticationManager manager;
    private final List<AccessRule> rules;
    private final List<String> schemes;

    GrpcSecurityChain(
            List<MethodPattern> methods,
            List<GrpcAuthenticationExtractor> extractors,
            @Nullable AuthenticationManager manager,
            List<AccessRule> rules,
            List<String> schemes) {
        this.methods = List.copyOf(methods);
        this.extractors = List.copyOf(extractors);
        this.manager = manager;
        this.rules = List.copyOf(rules);
        this.schemes = List.copyOf(schemes);
    }

    /** The same, with these asked for credentials first. */
    GrpcSecurityChain behind(List<GrpcAuthenticationExtractor> first) {
        List<GrpcAuthenticationExtractor> all = new ArrayList<>(first);
        all.addAll(extractors);
        return new GrpcSecurityChain(methods, all, manager, rules, schemes);
    }

    boolean matches(MethodDescriptor<?, ?> method) {
        return methods.stream().anyMatch(pattern -> pattern.covers(method));
    }

    /** The rule that holds for a method that this chain matches. */
    AccessRule ruleFor(MethodDescriptor<?, ?> method) {
        return rules.stream()
                .filter(rule -> rule.methods().covers(method))
                .findFirst()
                .orElse(AccessRule.NONE);
    }

    List<MethodPattern> methods() {
        return methods;
    }

    List<AccessRule> rules() {
        return rules;
    }

    /** The credentials of a call, unchecked; null if it carries none that this chain knows. */
    @Nullable
    Authentication credentials(CallContext call) {
        for (GrpcAuthenticationExtractor extractor : extractors) {
            Authentication found = extractor.extract(call);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether nobody can be anybody here. */
    boolean knowsNobody() {
        return extractors.isEmpty();
    }

    /** What checks credentials; null if there are never any. */
    @Nullable
    AuthenticationManager manager() {
        return manager;
    }

    /** The schemes of {@code www-authenticate} (RFC 9110 §11.6.1), such as {@code Bearer}. */
    List<String> schemes() {
        return schemes;
    }
}
