// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.boot.server.EndableCall;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerInterceptorOrder;
import dev.peregrine.grpc.protobuf.ProtobufMarshaller;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import org.springframework.core.Ordered;

/** Checks every request, each of a stream as well; methods whose requests have no rules are left alone. */
@GrpcGlobalServerInterceptor
final class ValidatingInterceptor implements ServerInterceptor, Ordered {

    private final MessageRules rules;

    ValidatingInterceptor(MessageRules rules) {
        this.rules = rules;
    }

    @Override
    public int getOrder() {
        return GrpcServerInterceptorOrder.VALIDATION;
    }

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        if (!(method.requestMarshaller() instanceof ProtobufMarshaller<?> messages)) {
            return next;
        }
        MessageRules.Check check = rules.checkFor(messages.prototype());
        if (check == null) {
            return next;
        }
        return call -> {
            EndableCall<Q, R> checked = new EndableCall<>(call);
            return new CheckedListener<>(checked, next.handle(checked), check);
        };
    }

    /** Hands on what obeys the rules, and ends the call at the first request that does not. */
    private static final class CheckedListener<Q> implements ServerCall.Listener<Q> {

        private static final Status INVALID =
                Status.of(StatusCode.INVALID_ARGUMENT, "a request breaks the rules for its fields");

        private final EndableCall<Q, ?> call;
        private final ServerCall.Listener<Q> next;
        private final MessageRules.Check check;

        CheckedListener(EndableCall<Q, ?> call, ServerCall.Listener<Q> next, MessageRules.Check check) {
            this.call = call;
            this.next = next;
            this.check = check;
        }

        @Override
        public void onStart() {
            call.guarded(next::onStart);
        }

        @Override
        public void onMessage(Q request) {
            if (call.hasEnded()) {
                return;
            }
            Throwable violation = check.violation(request);
            if (violation == null) {
                call.guarded(() -> next.onMessage(request));
                return;
            }
            call.end(violation);
            call.guarded(() -> next.onCancel(INVALID)); // A handler that is reading hears that nothing more comes.
        }

        @Override
        public void onHalfClose() {
            unlessEnded(next::onHalfClose);
        }

        @Override
        public void onReady() {
            unlessEnded(next::onReady);
        }

        @Override
        public void onCancel(Status reason) {
            unlessEnded(() -> next.onCancel(reason));
        }

        private void unlessEnded(Runnable event) {
            if (!call.hasEnded()) {
                call.guarded(event);
            }
        }
    }
}
