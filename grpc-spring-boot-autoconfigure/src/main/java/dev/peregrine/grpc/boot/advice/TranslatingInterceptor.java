// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** Translates whatever is thrown behind it, on whichever of a call's roads it comes. */
record TranslatingInterceptor(Translation translation) implements ServerInterceptor {

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        return call -> {
            TranslatedCall<Q, R> translated = new TranslatedCall<>(call, translation);
            try {
                return new TranslatedListener<>(translated, next.handle(translated));
            } catch (Throwable thrown) {
                throw translated.translated(thrown);
            }
        };
    }

    /** Hears of failures in two ways: told by asynchronous handlers, thrown by the others. */
    private static final class TranslatedCall<Q, R> extends ForwardingServerCall<Q, R> {

        private final Translation translation;

        /** What was thrown here last; it may pass through several events on its way out, nested in each other. */
        private @Nullable Throwable onItsWay;

        TranslatedCall(ServerCall<Q, R> call, Translation translation) {
            super(call);
            this.translation = translation;
        }

        @Override
        public void fail(Throwable thrown) {
            super.fail(translation.of(thrown, context()));
        }

        void guarded(Runnable event) {
            try {
                event.run();
            } catch (Throwable thrown) {
                throw translated(thrown);
            }
        }

        RuntimeException translated(Throwable thrown) {
            Throwable instead = thrown == onItsWay ? thrown : translation.of(thrown, context());
            onItsWay = instead;
            return TranslatingInterceptor.<RuntimeException>asItIs(instead);
        }
    }

    private record TranslatedListener<Q>(TranslatedCall<Q, ?> call, ServerCall.Listener<Q> next)
            implements ServerCall.Listener<Q> {

        @Override
        public void onStart() {
            call.guarded(next::onStart);
        }

        @Override
        public void onMessage(Q request) {
            call.guarded(() -> next.onMessage(request));
        }

        @Override
        public void onHalfClose() {
            call.guarded(next::onHalfClose);
        }

        @Override
        public void onReady() {
            call.guarded(next::onReady);
        }

        @Override
        public void onCancel(Status reason) {
            call.guarded(() -> next.onCancel(reason));
        }
    }

    /** Throws what it is given, checked or not: proxies of handlers may have thrown checked exceptions here. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
