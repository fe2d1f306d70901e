// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;

/** {@code authorization: Bearer <token>} (RFC 6750 §2.1). */
final class BearerTokenExtractor implements GrpcAuthenticationExtractor {

    /** RFC 6750 §2.1, b64token. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    @Override
    public @Nullable Authentication extract(CallContext call) {
        String token = AuthorizationHeader.credentials(call, "bearer");
        if (token == null) {
            return null;
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new BadCredentialsException("a bearer token has characters that it may not have");
        }
        return new BearerCredentials(token);
    }
}
