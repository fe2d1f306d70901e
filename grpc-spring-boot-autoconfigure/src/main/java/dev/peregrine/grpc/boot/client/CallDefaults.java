// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a channel's properties wish for each call. It stands before all other interceptors, so that they see the call as
 * it will be.
 *
 * @param deadline for calls that have none, counted from their start
 * @param waitForReady true for all calls; false leaves it to the caller
 * @param metadata sent with each call, but for keys that the caller sends himself
 */
record CallDefaults(@Nullable Duration deadline, boolean waitForReady, Metadata metadata) implements ClientInterceptor {

    static CallDefaults of(GrpcClientProperties properties) {
        return new CallDefaults(properties.deadline(), properties.waitForReady(), properties.staticMetadata());
    }

    /** The same but for this key: something else says it better. */
    CallDefaults without(MetadataKey<?> key) {
        return metadata.contains(key)
                ? new CallDefaults(
                        deadline, waitForReady, metadata.toBuilder().remove(key).build())
                : this;
    }

    boolean isEmpty() {
        return deadline == null && !waitForReady && metadata.isEmpty();
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        CallOptions wished = options;
        if (deadline != null && options.deadline() == null && options.timeout() == null) {
            wished = wished.withTimeout(deadline);
        }
        if (waitForReady && !options.waitForReady()) {
            wished = wished.withWaitForReady(true);
        }
        if (!metadata.isEmpty()) {
            wished = wished.withMetadata(besides(options.metadata()));
        }
        return next.newCall(method, wished);
    }

    private Metadata besides(Metadata own) {
        if (own.isEmpty()) {
            return metadata;
        }
        Set<String> taken = own.names();
        Metadata.Builder rest = Metadata.builder();
        metadata.forEach(new Metadata.Visitor() {
            @Override
            public void text(String name, String value) {
                if (!taken.contains(name)) {
                    rest.addText(name, value);
                }
            }

            @Override
            public void binary(String name, byte[] value) {
                if (!taken.contains(name)) {
                    rest.addBinary(name, value);
                }
            }
        });
        return rest.build();
    }
}
