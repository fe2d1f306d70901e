// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/**
 * One way in which calls say who makes them: reads credentials from a call's metadata or its connection. They are not checked
 * here, but by the {@link org.springframework.security.authentication.AuthenticationManager} of the {@link GrpcSecurityChain}.
 *
 * <p>Beans of this type are asked first, in {@code @Order}, whichever chain a call belongs to; others are given to a chain by
 * {@link GrpcSecurity#authenticationExtractor}.
 *
 * <p>Thread rule: called on the event loop, by several threads at once; must not block.
 */
@FunctionalInterface
public interface GrpcAuthenticationExtractor {

    /**
     * The credentials of the call, unchecked; null if it carries none of this kind. What says that it is
     * {@linkplain Authentication#isAuthenticated() authenticated} already is believed.
     *
     * @throws AuthenticationException if it carries some that are malformed: the call ends with UNAUTHENTICATED. Anything else
     *     that is thrown does the same, and is logged
     */
    @Nullable
    Authentication extract(CallContext call);
}
