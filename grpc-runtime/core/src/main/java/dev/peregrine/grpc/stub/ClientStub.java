// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.time.Duration;

/**
 * What every generated client can do beside calling its methods. Clients are immutable and safe for all threads; each
 * {@code with} method returns another client on the same channel.
 *
 * @param <S> the client itself
 */
public interface ClientStub<S> {

    CallOptions callOptions();

    S withCallOptions(CallOptions options);

    /** Gives each call this long, counted from its start. */
    default S withDeadlineAfter(Duration timeout) {
        return withCallOptions(callOptions().withTimeout(timeout));
    }

    /** Makes calls give up at this moment. */
    default S withDeadline(Deadline deadline) {
        return withCallOptions(callOptions().withDeadline(deadline));
    }

    /** Sends this metadata with each call, in addition to what is there. */
    default S withMetadata(Metadata metadata) {
        return withCallOptions(callOptions().withMetadata(metadata));
    }

    /** Puts interceptors around each call, inside those that are there. */
    default S withInterceptors(ClientInterceptor... interceptors) {
        return withCallOptions(callOptions().withInterceptors(interceptors));
    }

    /**
     * Compresses requests with the encoding of this name, such as {@code gzip}; {@code identity} for not at all.
     * See {@link CallOptions#withCompression}.
     */
    default S withCompression(String encoding) {
        return withCallOptions(callOptions().withCompression(encoding));
    }

    /** Makes calls wait while the server cannot be reached, instead of failing with UNAVAILABLE. */
    default S withWaitForReady() {
        return withCallOptions(callOptions().withWaitForReady(true));
    }
}
