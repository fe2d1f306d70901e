// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.client.CallOptions;
import java.time.Duration;

public interface ClientStub<S> {
    CallOptions callOptions();

    S withCallOptions(CallOptions options);

    default S withDeadlineAfter(Duration duration) {
        return withCallOptions(new CallOptions("deadline " + duration));
    }

    default S withDeadline(Object deadline) {
        throw new UnsupportedOperationException();
    }

    default S withMetadata(Object metadata) {
        throw new UnsupportedOperationException();
    }

    default S withInterceptors(Object... interceptors) {
        throw new UnsupportedOperationException();
    }

    default S withWaitForReady() {
        throw new UnsupportedOperationException();
    }
}
