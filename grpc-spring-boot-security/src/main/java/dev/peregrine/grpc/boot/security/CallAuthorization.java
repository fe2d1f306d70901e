// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.boot.policy.MethodPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;

/**
 * Says who may call which methods. The first rule that matches a method holds; methods that none matches are closed.
 *
 * <pre>{@code
 * calls.matching("shop.Catalog").permitAll()
 *         .matching("shop.Orders/Cancel").hasRole("CLERK")
 *         .matching("shop.Orders").hasScope("orders")
 *         .anyCall().authenticated()
 * }</pre>
 *
 * <p>Patterns are those of {@code grpc.server.methods}: {@code pkg.Service/Method}, {@code pkg.Service}, {@code pkg.*} and
 * {@code *}. They are held against the method that answers, not against what the caller has written.
 */
public final class CallAuthorization {

    private static final String SCOPE = "SCOPE_";

    private final List<AccessRule> rules = new ArrayList<>();
    private final @Nullable RoleHierarchy hierarchy;

    CallAuthorization(@Nullable RoleHierarchy hierarchy) {
        this.hierarchy = hierarchy;
    }

    /**
     * Begins a rule for the methods that one of these patterns matches.
     *
     * @throws IllegalArgumentException if a pattern has none of the four forms
     */
    public Rule matching(String... patterns) {
        return new Rule(Arrays.stream(patterns).map(MethodPattern::of).toList());
    }

    /** Begins the rule for all methods that no rule so far is about; the last. */
    public Rule anyCall() {
        return matching("*");
    }

    List<AccessRule> rules() {
        return List.copyOf(rules);
    }

    /** A rule that does not yet say who may. */
    public final class Rule {

        private final List<MethodPattern> patterns;

        private Rule(List<MethodPattern> patterns) {
            this.patterns = patterns;
        }

        /** Everybody, with or without credentials; wrong ones are refused all the same. */
        public CallAuthorization permitAll() {
            patterns.forEach(pattern -> rules.add(AccessRule.permitAll(pattern)));
            return CallAuthorization.this;
        }

        /** Nobody. */
        public CallAuthorization denyAll() {
            patterns.forEach(pattern -> rules.add(AccessRule.denyAll(pattern)));
            return CallAuthorization.this;
        }

        /** Whoever has said who they are. */
        public CallAuthorization authenticated() {
            return add("authenticated", AuthenticatedAuthorizationManager.authenticated());
        }

        /** Whoever has this role; without the prefix {@code ROLE_}. */
        public CallAuthorization hasRole(String role) {
            return hasAnyRole(role);
        }

        /** Whoever has one of these roles; without the prefix {@code ROLE_}. */
        public CallAuthorization hasAnyRole(String... roles) {
            return anyOf(
                    roles.length == 1 ? "hasRole" : "hasAnyRole",
                    roles,
                    AuthorityAuthorizationManager.hasAnyRole(roles));
        }

        /** Whoever has this authority. */
        public CallAuthorization hasAuthority(String authority) {
            return hasAnyAuthority(authority);
        }

        /** Whoever has one of these authorities. */
        public CallAuthorization hasAnyAuthority(String... authorities) {
            return anyOf(
                    authorities.length == 1 ? "hasAuthority" : "hasAnyAuthority",
                    authorities,
                    AuthorityAuthorizationManager.hasAnyAuthority(authorities));
        }

        /** Whose token has this scope; without the prefix {@code SCOPE_}. */
        public CallAuthorization hasScope(String scope) {
            return hasAnyScope(scope);
        }

        /** Whose token has one of these scopes; without the prefix {@code SCOPE_}. */
        public CallAuthorization hasAnyScope(String... scopes) {
            String[] authorities = Stream.of(scopes).map(scope -> SCOPE + scope).toArray(String[]::new);
            return anyOf(
                    scopes.length == 1 ? "hasScope" : "hasAnyScope",
                    scopes,
                    AuthorityAuthorizationManager.hasAnyAuthority(authorities));
        }

        /**
         * Whomever this lets in; asked on the handler's thread, before the handler. Its {@code toString} is what reports say.
         */
        public CallAuthorization access(AuthorizationManager<CallContext> decision) {
            return add("access(" + decision + ")", decision);
        }

        private CallAuthorization anyOf(
                String word, String[] names, AuthorityAuthorizationManager<CallContext> decision) {
            if (hierarchy != null) {
                decision.setRoleHierarchy(hierarchy);
            }
            return add(word + "(" + String.join(", ", names) + ")", decision);
        }

        private CallAuthorization add(String text, AuthorizationManager<CallContext> decision) {
            patterns.forEach(pattern -> rules.add(new AccessRule(pattern, text, false, decision)));
            return CallAuthorization.this;
        }
    }
}
