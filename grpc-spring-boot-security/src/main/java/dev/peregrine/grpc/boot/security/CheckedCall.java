// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerCall;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

/** A call that ends at the first message its caller may not send, or not see. */
final class CheckedCall<Q, R> extends ForwardingServerCall<Q, R> {

    private final @Nullable MessageExpression ofResponses;
    private final SecurityEvents events;
    private volatile boolean ended;

    CheckedCall(ServerCall<Q, R> call, @Nullable MessageExpression ofResponses, SecurityEvents events) {
        super(call);
        this.ofResponses = ofResponses;
        this.events = events;
    }

    /** Whether the caller may; ends the call if not. */
    boolean allows(@Nullable MessageExpression expression, Object message) {
        if (ended) {
            return false;
        }
        if (expression == null) {
            return true;
        }
        Authentication caller = GrpcCaller.of(context());
        if (caller != null && expression.holds(caller, message)) {
            return true;
        }
        ended = true;
        StatusException refusal = events.refusal(caller, context());
        fail(refusal);
        return false;
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void send(R response) {
        if (allows(ofResponses, response)) {
            super.send(response);
        } else {
            throw new AccessDeniedException("the caller may not see a response of " + method().fullName());
        }
    }

    /** What the handler makes of being refused is not what the caller hears. */
    @Override
    public void close(Status status, Metadata trailers) {
        if (!ended) {
            super.close(status, trailers);
        }
    }
}
