// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.boot.server.EndableCall;
import dev.peregrine.grpc.server.ServerCall;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/** A call that ends at the first message its caller may not send, or not see; also if nobody can say. */
final class CheckedCall<Q, R> extends EndableCall<Q, R> {

    private final @Nullable MessageExpression ofResponses;
    private final SecurityEvents events;

    CheckedCall(ServerCall<Q, R> call, @Nullable MessageExpression ofResponses, SecurityEvents events) {
        super(call);
        this.ofResponses = ofResponses;
        this.events = events;
    }

    /** Whether the caller may; ends the call if not. */
    boolean allows(@Nullable MessageExpression expression, Object message) {
        if (expression == null) {
            return !hasEnded();
        }
        if (hasEnded()) {
            return false;
        }
        Authentication caller = GrpcCaller.of(context());
        try {
            if (caller != null && expression.holds(caller, message)) {
                return true;
            }
        } catch (RuntimeException broken) {
            end(broken);
            return false;
        }
        end(events.refusal(caller, context()));
        return false;
    }

    @Override
    public void send(R response) {
        if (allows(ofResponses, response)) {
            super.send(response);
        }
    }
}
