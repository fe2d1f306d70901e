// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Every call of the clients, from its start to its one end. */
final class ClientAccounts implements ClientInterceptor {

    private final Ledger calls = new Ledger();
    private final Map<StatusCode, AtomicLong> endings = new ConcurrentHashMap<>();
    private final AtomicLong endedTwice = new AtomicLong();

    Ledger calls() {
        return calls;
    }

    long endedTwice() {
        return endedTwice.get();
    }

    /** How often calls ended with which code. */
    Map<StatusCode, AtomicLong> endings() {
        return new TreeMap<>(endings);
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new ForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                Ledger.Entry entry = calls.begin(method.fullName());
                super.start(
                        new ForwardingListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                if (!entry.end()) {
                                    endedTwice.incrementAndGet();
                                }
                                endings.computeIfAbsent(status.code(), code -> new AtomicLong())
                                        .incrementAndGet();
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }
}
