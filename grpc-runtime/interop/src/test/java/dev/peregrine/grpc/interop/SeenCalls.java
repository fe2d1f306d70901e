// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingListener;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What a server saw of its calls; may be asked by any thread. */
final class SeenCalls implements ServerInterceptor {

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger responses = new AtomicInteger();
    private final BlockingQueue<Status> cancelled = new LinkedBlockingQueue<>();
    private volatile Deadline lastDeadline;

    /** The calls whose handler was started. */
    int count() {
        return calls.get();
    }

    /** The responses that handlers have sent, over all calls. */
    int responses() {
        return responses.get();
    }

    /** Why calls were cancelled, one entry for each. */
    BlockingQueue<Status> cancelled() {
        return cancelled;
    }

    /** The deadline of the call started last; null if it had none. */
    Deadline lastDeadline() {
        return lastDeadline;
    }

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return call -> {
            calls.incrementAndGet();
            lastDeadline = call.context().deadline();
            return new ForwardingListener<>(next.handle(new ForwardingServerCall<>(call) {
                @Override
                public void send(R response) {
                    responses.incrementAndGet();
                    super.send(response);
                }
            })) {
                @Override
                public void onCancel(Status reason) {
                    cancelled.add(reason);
                    super.onCancel(reason);
                }
            };
        };
    }
}
