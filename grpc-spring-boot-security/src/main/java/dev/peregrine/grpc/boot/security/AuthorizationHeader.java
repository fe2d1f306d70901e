// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MetadataKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;

/** The {@code authorization} of a call (RFC 9110 §11.6.2), by its scheme. */
final class AuthorizationHeader {

    private static final MetadataKey<String> KEY = MetadataKey.ascii("authorization");

    private AuthorizationHeader() {}

    /**
     * What follows the scheme, without the spaces around it; null if the call has no such header, or one of another scheme.
     *
     * @param scheme in lower case; compared without regard to case
     * @throws BadCredentialsException if there are several: whom they make the caller depends on who reads them
     */
    static @Nullable String credentials(CallContext call, String scheme) {
        List<String> values = call.requestMetadata().getAll(KEY);
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw new BadCredentialsException("a call has one authorization header, this one has " + values.size());
        }
        String value = values.get(0).strip();
        int space = value.indexOf(' ');
        String found = space < 0 ? value : value.substring(0, space);
        if (!found.toLowerCase(Locale.ROOT).equals(scheme)) {
            return null;
        }
        return space < 0 ? "" : value.substring(space + 1).strip();
    }

    /** Whether there is one, of whatever scheme. */
    static boolean isIn(CallContext call) {
        return call.requestMetadata().contains(KEY);
    }
}
