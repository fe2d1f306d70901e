// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Makes a call that is started while another is answered a part of that one: it has no more time, and nobody works on it
 * any longer than the caller waits. Which call is answered, {@link CallContext#currentOrNull()} says on the thread that
 * starts the call; outside of handlers nothing changes.
 *
 * @param deadline the earlier of both deadlines counts
 * @param cancellation the call is cancelled with the one being answered
 */
record CallPropagation(boolean deadline, boolean cancellation) implements ClientInterceptor {

    static CallPropagation of(GrpcClientProperties.Propagate properties) {
        return new CallPropagation(properties.deadline(), properties.cancellation());
    }

    boolean isEmpty() {
        return !deadline && !cancellation;
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        CallContext answered = CallContext.currentOrNull();
        if (answered == null) {
            return next.newCall(method, options);
        }
        ClientCall<Q, R> call = next.newCall(method, deadline ? within(answered.deadline(), options) : options);
        return cancellation ? new DependentCall<>(call, answered.cancellation()) : call;
    }

    private static CallOptions within(@Nullable Deadline theirs, CallOptions options) {
        if (theirs == null) {
            return options;
        }
        Deadline ours = options.deadline();
        return options.withDeadline(ours == null ? theirs : ours.earlier(theirs));
    }
}
