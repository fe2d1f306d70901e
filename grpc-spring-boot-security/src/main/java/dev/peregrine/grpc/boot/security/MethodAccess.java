// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.AttributeKey;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.server.CallGuard;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Who may call one method: its chain and its rule, chosen when the server starts.
 *
 * <pre>
 *   event loop                                          handler's thread
 *   headers ── credentials? ── some, well-formed ─────▶ checked ── by the rule ──▶ handler
 *                 ├── none, rule is open ──────────────────▶ anonymous ─────┘
 *                 ├── none, rule wants some ──▶ UNAUTHENTICATED        │ no ──▶ UNAUTHENTICATED, PERMISSION_DENIED
 *                 └── malformed ──────────────▶ UNAUTHENTICATED
 * </pre>
 */
final class MethodAccess implements CallGuard {

    /** Between the two threads: what the call carries, unchecked; {@link #ANONYMOUS} if that is nothing. */
    private static final AttributeKey<Authentication> CREDENTIALS = AttributeKey.named("credentials");

    private static final Authentication ANONYMOUS =
            new AnonymousAuthenticationToken("grpc", "anonymous", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

    private final GrpcSecurityChain chain;
    private final AccessRule rule;
    private final SecurityEvents events;

    MethodAccess(GrpcSecurityChain chain, AccessRule rule, SecurityEvents events) {
        this.chain = chain;
        this.rule = rule;
        this.events = events;
    }

    /** Whether calls need not be looked at: everybody may make them, and nobody can say who they are. */
    boolean isOfNoInterest() {
        return rule.open() && chain.knowsNobody();
    }

    boolean isOf(GrpcSecurityChain other) {
        return chain == other;
    }

    AccessRule rule() {
        return rule;
    }

    @Override
    public @Nullable Status refusal(CallContext call) {
        Authentication credentials;
        try {
            credentials = chain.credentials(call);
        } catch (AuthenticationException malformed) {
            return unauthenticated(call, SecurityCounts.Refusal.MALFORMED, Answers.MALFORMED);
        } catch (RuntimeException broken) {
            events.extractorFailed(call, broken);
            return unauthenticated(call, SecurityCounts.Refusal.MALFORMED, Answers.MALFORMED);
        }
        call.setAttribute(CREDENTIALS, credentials == null ? ANONYMOUS : credentials);
        return credentials != null || rule.open()
                ? null
                : unauthenticated(call, SecurityCounts.Refusal.MISSING, Answers.MISSING);
    }

    private Status unauthenticated(CallContext call, SecurityCounts.Refusal why, Status answer) {
        events.counts().add(why);
        call.addResponseTrailers(Answers.challenge(chain.schemes()));
        return answer;
    }

    /**
     * Who makes the call.
     *
     * @throws StatusException if its credentials are not accepted, or the rule does not let this caller in
     */
    Authentication check(CallContext call) {
        Authentication caller = authenticate(call);
        call.setAttribute(GrpcCaller.KEY, caller); // Before the rule is asked, which may throw.
        AuthorizationResult result = rule.decision().authorize(() -> caller, call);
        boolean granted = result != null && result.isGranted();
        events.decided(caller, call, result);
        if (granted) {
            return caller;
        }
        StatusException refusal = events.refusal(caller, call);
        if (refusal.code() == StatusCode.UNAUTHENTICATED) {
            call.addResponseTrailers(Answers.challenge(chain.schemes()));
        }
        throw refusal;
    }

    private Authentication authenticate(CallContext call) {
        Authentication credentials = call.attribute(CREDENTIALS);
        if (credentials == null) { // A method that no customizer was asked about: added to its server by hand.
            Status refusal = refusal(call);
            if (refusal != null) {
                throw new StatusException(refusal, Metadata.EMPTY);
            }
            credentials = call.attribute(CREDENTIALS);
        }
        if (credentials == null || credentials == ANONYMOUS) {
            return ANONYMOUS;
        }
        if (credentials.isAuthenticated()) {
            return credentials;
        }
        if (chain.manager() == null) {
            return ANONYMOUS;
        }
        try {
            return chain.manager().authenticate(credentials);
        } catch (AuthenticationBusyException busy) {
            events.counts().add(SecurityCounts.Refusal.BUSY);
            throw Answers.busy();
        } catch (AuthenticationException refused) {
            if (refused instanceof AuthenticationServiceException) {
                events.unable(call, refused);
                throw Answers.unable();
            }
            throw new StatusException(
                    unauthenticated(call, SecurityCounts.Refusal.REJECTED, Answers.REJECTED), Metadata.EMPTY);
        } catch (RuntimeException broken) {
            events.unable(call, broken);
            throw Answers.unable();
        }
    }
}
