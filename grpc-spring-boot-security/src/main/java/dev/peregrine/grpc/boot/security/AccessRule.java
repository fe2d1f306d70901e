// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.boot.policy.MethodPattern;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.SingleResultAuthorizationManager;

/**
 * Who may call the methods of a pattern.
 *
 * @param methods which methods it is about
 * @param text what it says, as in {@code hasRole(ADMIN)}, for reports
 * @param open whether it lets everybody in, so that nothing need be known of the caller
 * @param decision what decides
 */
record AccessRule(MethodPattern methods, String text, boolean open, AuthorizationManager<CallContext> decision) {

    /** For methods that no rule is about. */
    static final AccessRule NONE = new AccessRule(MethodPattern.of("*"), "denyAll (no rule matches)", false, deny());

    static AccessRule permitAll(MethodPattern methods) {
        return new AccessRule(methods, "permitAll", true, SingleResultAuthorizationManager.permitAll());
    }

    static AccessRule denyAll(MethodPattern methods) {
        return new AccessRule(methods, "denyAll", false, deny());
    }

    private static AuthorizationManager<CallContext> deny() {
        return SingleResultAuthorizationManager.denyAll();
    }
}
