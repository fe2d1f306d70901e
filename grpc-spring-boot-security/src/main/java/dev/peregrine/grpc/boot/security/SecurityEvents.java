// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;

/** Counts and publishes what becomes of callers. Safe for all threads. */
final class SecurityEvents {

    private static final Log log = LogFactory.getLog(GrpcSecurityChain.class);

    /** Callers cannot make us log more often than this. */
    private static final long NANOS_BETWEEN_LINES = 1_000_000_000L;

    private final SecurityCounts counts;
    private final @Nullable AuthorizationEventPublisher publisher;
    private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();
    private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - NANOS_BETWEEN_LINES);

    SecurityEvents(SecurityCounts counts, @Nullable AuthorizationEventPublisher publisher) {
        this.counts = counts;
        this.publisher = publisher;
    }

    SecurityCounts counts() {
        return counts;
    }

    boolean isAnonymous(Authentication caller) {
        return trust.isAnonymous(caller);
    }

    /** What a caller is told who may not do what it does: one that is known may not, one that is not should say who it is. */
    StatusException refusal(@Nullable Authentication caller, CallContext call) {
        if (caller == null || isAnonymous(caller)) {
            counts.add(SecurityCounts.Refusal.MISSING);
            return new StatusException(Answers.MISSING, Metadata.EMPTY);
        }
        counts.add(SecurityCounts.Refusal.DENIED);
        return Answers.denied(call.method());
    }

    void decided(Authentication caller, CallContext call, @Nullable AuthorizationResult result) {
        if (publisher != null && result != null) {
            publisher.publishAuthorizationEvent(() -> caller, call, result);
        }
    }

    /** What checks credentials has failed; that is ours to know, unless it was interrupted because the caller went away. */
    void unable(CallContext call, RuntimeException failure) {
        if (call.cancellation().isCancelled()) {
            return;
        }
        counts.add(SecurityCounts.Refusal.UNABLE);
        log("the credentials of a call of " + call.method().fullName() + " could not be checked", failure);
    }

    void extractorFailed(CallContext call, RuntimeException failure) {
        log("an extractor of credentials failed for a call of " + call.method().fullName(), failure);
    }

    private void log(String text, RuntimeException failure) {
        long last = lastLine.get();
        long now = System.nanoTime();
        if (now - last >= NANOS_BETWEEN_LINES && lastLine.compareAndSet(last, now)) {
            log.error(text, failure);
        }
    }
}
