// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a channel's properties wish for each call. It stands before all other interceptors, so that they see the call as
 * it will be.
 *
 * @param deadline for calls that have none, counted from their start
 * @param waitForReady true for all calls; false leaves it to the caller
 */
record CallDefaults(@Nullable Duration deadline, boolean waitForReady) implements ClientInterceptor {

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        CallOptions wished = options;
        if (deadline != null && options.deadline() == null && options.timeout() == null) {
            wished = wished.withTimeout(deadline);
        }
        if (waitForReady && !options.waitForReady()) {
            wished = wished.withWaitForReady(true);
        }
        return next.newCall(method, wished);
    }
}
