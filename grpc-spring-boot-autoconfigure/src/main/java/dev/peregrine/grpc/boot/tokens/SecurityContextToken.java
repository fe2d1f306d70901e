// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.AbstractOAuth2Token;

/** The token in the security context, where a resource server puts it: as credentials of the authentication, JWT or opaque. */
final class SecurityContextToken implements AuthenticatedToken {

    @Override
    public @Nullable String current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null
                        && authentication.isAuthenticated()
                        && authentication.getCredentials() instanceof AbstractOAuth2Token token
                ? token.getTokenValue()
                : null;
    }
}
