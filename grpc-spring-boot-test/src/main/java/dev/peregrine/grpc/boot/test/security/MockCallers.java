// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.security;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.boot.client.GrpcGlobalClientInterceptor;
import dev.peregrine.grpc.boot.security.GrpcAuthenticationExtractor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.security.core.Authentication;
import org.springframework.security.test.context.TestSecurityContextHolder;

/**
 * Takes the user of {@code @WithMockUser} and its kin along with calls of the test's clients, within the process and over
 * sockets alike: the call carries a number, under which the server, in the same JVM, finds the user. The number is made for the
 * call and forgotten with it, so that nobody outside can have it.
 */
@GrpcGlobalClientInterceptor
final class MockCallers implements ClientInterceptor, GrpcAuthenticationExtractor, Ordered {

    private static final MetadataKey<String> CALLER = MetadataKey.ascii("peregrine-test-caller");

    private final Map<String, Authentication> callers = new ConcurrentHashMap<>();

    /** First of the extractors: the test says who calls. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable Authentication extract(CallContext call) {
        String number = call.requestMetadata().get(CALLER);
        return number == null ? null : callers.get(number);
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        Authentication caller = TestSecurityContextHolder.getContext().getAuthentication();
        ClientCall<Q, R> call = next.newCall(method, options);
        return caller == null ? call : new CallOf<>(call, caller);
    }

    private final class CallOf<Q, R> extends ForwardingClientCall<Q, R> {

        private final String number = UUID.randomUUID().toString();
        private final Authentication caller;

        CallOf(ClientCall<Q, R> call, Authentication caller) {
            super(call);
            this.caller = caller;
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            callers.put(number, caller);
            super.start(
                    new ForwardingListener<>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            callers.remove(number);
                            super.onClose(status, trailers);
                        }
                    },
                    headers.toBuilder().add(CALLER, number).build());
        }
    }
}
