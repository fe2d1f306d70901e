// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;

/** What {@code @PreAuthorize} and the like throw within services. */
final class SecurityExceptionTranslator implements GrpcExceptionTranslator {

    private final SecurityEvents events;

    SecurityExceptionTranslator(SecurityEvents events) {
        this.events = events;
    }

    @Override
    public @Nullable StatusException translate(Throwable thrown, CallContext call) {
        if (thrown instanceof AuthenticationCredentialsNotFoundException) {
            return new StatusException(Answers.MISSING, Metadata.EMPTY);
        }
        if (!(thrown instanceof AccessDeniedException)) {
            return null;
        }
        return events.refusal(GrpcCaller.of(call), call);
    }
}
