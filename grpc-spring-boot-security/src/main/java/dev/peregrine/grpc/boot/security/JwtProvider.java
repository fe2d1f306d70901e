// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * Checks JWTs. For those whose JOSE header, and so whose key, is that of a token that was accepted before, this is arithmetic
 * and has no bound. For others the key may have to be fetched: anybody can make up a key, so only so many wait for that at
 * once.
 *
 * <p>Keys that were fetched are fetched again from time to time. Where that hangs, all who bring tokens wait with it, for as
 * long as the decoder does.
 */
final class JwtProvider implements AuthenticationProvider {

    /** An issuer has a few keys at a time. */
    private static final int MOST_HEADERS = 100;

    private final AuthenticationProvider tokens;
    private final AuthenticationProvider bounded;

    /** Of tokens that were accepted, as they are written: the signature is about the header too. */
    private final Set<String> headers = ConcurrentHashMap.newKeySet();

    JwtProvider(AuthenticationProvider tokens, Semaphore places) {
        this.tokens = tokens;
        this.bounded = new BoundedProvider(tokens, places);
    }

    @Override
    public @Nullable Authentication authenticate(Authentication credentials) {
        String header = headerOf(((BearerTokenAuthenticationToken) credentials).getToken());
        if (headers.contains(header)) {
            return tokens.authenticate(credentials);
        }
        Authentication caller = bounded.authenticate(credentials);
        if (headers.size() >= MOST_HEADERS) {
            headers.clear();
        }
        headers.add(header);
        return caller;
    }

    @Override
    public boolean supports(Class<?> type) {
        return tokens.supports(type);
    }

    private static String headerOf(String token) {
        int dot = token.indexOf('.');
        return dot < 0 ? token : token.substring(0, dot);
    }
}
