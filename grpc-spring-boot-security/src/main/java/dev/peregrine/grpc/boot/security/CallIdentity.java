// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.function.Supplier;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * The caller of one call, put into the {@link SecurityContextHolder} of a thread for as long as that runs code of the call,
 * and taken out again. Each call has a context of its own: what one handler does to it, no other call sees.
 */
final class CallIdentity {

    private final SecurityContextHolderStrategy holder;
    private final SecurityContext context;

    CallIdentity(SecurityContextHolderStrategy holder, Authentication caller) {
        this.holder = holder;
        this.context = holder.createEmptyContext();
        context.setAuthentication(caller);
    }

    void run(Runnable event) {
        get(() -> {
            event.run();
            return event;
        });
    }

    <T> T get(Supplier<T> event) {
        Supplier<SecurityContext> outer = holder.getDeferredContext();
        holder.setContext(context);
        try {
            return event.get();
        } finally {
            if (outer.get().getAuthentication() == null) {
                holder.clearContext();
            } else {
                holder.setDeferredContext(outer);
            }
        }
    }
}
