// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.CurrentCall;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry the call that is answered from thread to thread, with the trace and whatever
 * else it carries. It finds this by {@link java.util.ServiceLoader}; without it the class is never loaded.
 */
public final class CallContextAccessor implements ThreadLocalAccessor<CallContext> {

    /** What the call goes by in a snapshot. */
    public static final String KEY = "dev.peregrine.grpc.call";

    @Override
    public Object key() {
        return KEY;
    }

    @Override
    public @Nullable CallContext getValue() {
        return CallContext.currentOrNull();
    }

    @Override
    public void setValue(CallContext call) {
        CurrentCall.swap(call);
    }

    @Override
    public void setValue() {
        CurrentCall.swap(null);
    }
}
