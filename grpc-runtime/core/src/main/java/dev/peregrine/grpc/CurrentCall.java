// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import org.jspecify.annotations.Nullable;

/** The call a thread is answering. The only thread-local of the runtime; set and cleared around every callback. */
public final class CurrentCall {

    private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

    private CurrentCall() {}

    static @Nullable CallContext get() {
        return CURRENT.get();
    }

    /**
     * Sets the current call and returns the previous one, without making an object. For the runtime; applications use
     * {@link CallContext#makeCurrent()}.
     */
    public static @Nullable CallContext swap(@Nullable CallContext context) {
        CallContext previous = CURRENT.get();
        CURRENT.set(context);
        return previous;
    }
}
