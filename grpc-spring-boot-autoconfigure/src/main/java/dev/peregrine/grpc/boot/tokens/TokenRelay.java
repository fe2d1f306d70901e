// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CallCredentials;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands the bearer token of whoever is served on this thread to the services that are called for him: that of the gRPC call being
 * answered, or else that of the thread's authentication. Where there is neither, the call is sent without: what it may do then the server
 * decides. Other credentials, such as passwords, are not handed on.
 */
final class TokenRelay implements CallCredentials {

    /** RFC 9110 §11.1: the scheme's case does not matter. */
    private static final String SCHEME = "Bearer ";

    private static final CompletionStage<Metadata> NONE = CompletableFuture.completedFuture(Metadata.EMPTY);

    private final AuthenticatedToken authenticated;

    TokenRelay(AuthenticatedToken authenticated) {
        this.authenticated = authenticated;
    }

    @Override
    public CompletionStage<Metadata> forCall(MethodDescriptor<?, ?> method, String authority) {
        String token = ofCall(CallContext.currentOrNull());
        if (token == null) {
            token = authenticated.current();
        }
        return token == null ? NONE : BearerToken.of(token).forCall(method, authority);
    }

    private static @Nullable String ofCall(@Nullable CallContext answered) {
        if (answered == null) {
            return null;
        }
        String header = answered.requestMetadata().get(AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = header.substring(SCHEME.length()).trim();
        return token.isEmpty() ? null : token;
    }
}
