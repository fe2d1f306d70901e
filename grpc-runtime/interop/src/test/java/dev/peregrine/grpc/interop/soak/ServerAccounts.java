// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;

/**
 * Every call that reached a handler, until it was answered, failed or was cancelled; more than one of these may happen where
 * news crosses.
 */
final class ServerAccounts implements ServerInterceptor {

    private final Ledger calls = new Ledger();

    Ledger calls() {
        return calls;
    }

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return call -> {
            Ledger.Entry entry = calls.begin(method.fullName());
            try {
                return new Watched<>(next.handle(new Watching<>(call, entry)), entry);
            } catch (RuntimeException thrown) {
                entry.end();
                throw thrown;
            }
        };
    }

    private static final class Watching<Q, R> extends ForwardingServerCall<Q, R> {

        private final Ledger.Entry entry;

        Watching(ServerCall<Q, R> call, Ledger.Entry entry) {
            super(call);
            this.entry = entry;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            entry.end();
            super.close(status, trailers);
        }

        @Override
        public void fail(Throwable thrown) {
            entry.end();
            super.fail(thrown);
        }
    }

    /** Sees what a handler throws, which goes past the call. */
    private record Watched<Q>(ServerCall.Listener<Q> next, Ledger.Entry entry) implements ServerCall.Listener<Q> {

        @Override
        public void onStart() {
            guarded(next::onStart);
        }

        @Override
        public void onMessage(Q request) {
            guarded(() -> next.onMessage(request));
        }

        @Override
        public void onHalfClose() {
            guarded(next::onHalfClose);
        }

        @Override
        public void onReady() {
            guarded(next::onReady);
        }

        @Override
        public void onCancel(Status reason) {
            entry.end();
            next.onCancel(reason);
        }

        private void guarded(Runnable event) {
            try {
                event.run();
            } catch (RuntimeException thrown) {
                entry.end();
                throw thrown;
            }
        }
    }
}
