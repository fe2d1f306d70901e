// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One of {@code grpc.security.rules}: exactly one of the last four.
 *
 * @param match Which methods, as in {@code grpc.server.methods}.
 * @param access Who may, as far as that needs no names.
 * @param anyRole Roles of which the caller has one, without the prefix ROLE_.
 * @param anyAuthority Authorities of which the caller has one.
 * @param anyScope Scopes of which the caller's token has one, without the prefix SCOPE_.
 */
record AccessRuleProperties(
        String match,
        @Nullable Access access,
        @DefaultValue List<String> anyRole,
        @DefaultValue List<String> anyAuthority,
        @DefaultValue List<String> anyScope) {

    AccessRuleProperties {
        if (match == null || match.isBlank()) {
            throw new IllegalArgumentException(
                    "an entry of grpc.security.rules does not say which methods it is about; set its match");
        }
        List<String> said = new ArrayList<>();
        if (access != null) {
            said.add("access");
        }
        addIfAny("any-role", anyRole, said);
        addIfAny("any-authority", anyAuthority, said);
        addIfAny("any-scope", anyScope, said);
        if (said.size() != 1) {
            throw new IllegalArgumentException("the entry of grpc.security.rules for '" + match + "' has "
                    + (said.isEmpty()
                            ? "none of access, any-role, any-authority and any-scope"
                            : String.join(" and ", said))
                    + "; set exactly one");
        }
    }

    private static void addIfAny(String name, List<String> values, List<String> said) {
        if (!values.isEmpty()) {
            said.add(name);
        }
    }

    /** Who may, without names. */
    enum Access {
        PERMIT_ALL,
        DENY_ALL,
        AUTHENTICATED
    }

    void addTo(CallAuthorization calls) {
        CallAuthorization.Rule rule = calls.matching(match);
        if (!anyRole.isEmpty()) {
            rule.hasAnyRole(anyRole.toArray(String[]::new));
        } else if (!anyAuthority.isEmpty()) {
            rule.hasAnyAuthority(anyAuthority.toArray(String[]::new));
        } else if (!anyScope.isEmpty()) {
            rule.hasAnyScope(anyScope.toArray(String[]::new));
        } else if (access == Access.PERMIT_ALL) {
            rule.permitAll();
        } else if (access == Access.DENY_ALL) {
            rule.denyAll();
        } else {
            rule.authenticated();
        }
    }
}
