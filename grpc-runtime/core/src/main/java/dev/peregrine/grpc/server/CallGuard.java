// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a call by what came with its headers, before it costs a thread, a place within a limit or the memory for its
 * request. What takes time, or needs the request, belongs into a {@link ServerInterceptor}.
 *
 * <p>Thread rule: called on the event loop, by several at once. Must not block. What it throws ends the call with UNKNOWN.
 *
 * @see MethodOptions#withGuard
 */
@FunctionalInterface
public interface CallGuard {

    /**
     * The status the call ends with, together with the {@linkplain CallContext#addResponseTrailers trailers} that were added;
     * null to let it in.
     */
    @Nullable
    Status refusal(CallContext call);
}
