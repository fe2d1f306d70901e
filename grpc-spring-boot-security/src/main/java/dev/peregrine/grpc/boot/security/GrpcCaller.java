// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.AttributeKey;
import dev.peregrine.grpc.CallContext;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Who makes a call. It belongs to the call: unlike the {@link org.springframework.security.core.context.SecurityContextHolder}
 * it is there on every thread that has the {@link CallContext}.
 */
public final class GrpcCaller {

    static final AttributeKey<Authentication> KEY = AttributeKey.named("caller");

    private GrpcCaller() {}

    /**
     * The caller, which may be anonymous; null before the call has passed authentication, and for methods of servers on which
     * nobody is asked.
     */
    public static @Nullable Authentication of(CallContext call) {
        return call.attribute(KEY);
    }
}
