// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/** What {@code @PreAuthorize} and the like throw within services. */
final class SecurityErrorTranslator implements GrpcExceptionTranslator {

    private final SecurityEvents events;

    SecurityErrorTranslator(SecurityEvents events) {
        this.events = events;
    }

    @Override
    public @Nullable StatusException translate(Throwable thrown, CallContext call) {
        if (thrown instanceof AuthenticationException) {
            return new StatusException(Answers.MISSING, Metadata.EMPTY);
        }
        if (!(thrown instanceof AccessDeniedException)) {
            return null;
        }
        Authentication caller = GrpcCaller.of(call);
        if (caller == null || events.isAnonymous(caller)) {
            events.counts().add(SecurityCounts.Refusal.MISSING);
            return new StatusException(Answers.MISSING, Metadata.EMPTY);
        }
        events.counts().add(SecurityCounts.Refusal.DENIED);
        return Answers.denied(call.method());
    }
}
