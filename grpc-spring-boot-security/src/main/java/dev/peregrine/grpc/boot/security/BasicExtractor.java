// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** {@code authorization: Basic <user:password in Base64>} (RFC 7617), in UTF-8; the password may contain colons. */
final class BasicExtractor implements GrpcAuthenticationExtractor {

    @Override
    public @Nullable Authentication extract(CallContext call) {
        String encoded = AuthorizationHeader.credentials(call, "basic");
        if (encoded == null) {
            return null;
        }
        String pair = decode(encoded);
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw new BadCredentialsException("basic credentials have no colon between user and password");
        }
        return UsernamePasswordAuthenticationToken.unauthenticated(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private static String decode(String encoded) {
        try {
            byte[] octets = Base64.getDecoder().decode(encoded);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw new BadCredentialsException(
                    "basic credentials are not Base64 of UTF-8"); // Its text may tell of them.
        }
    }
}
