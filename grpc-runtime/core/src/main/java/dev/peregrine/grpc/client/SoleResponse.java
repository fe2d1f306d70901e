// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.codec.MessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call that has one response: kept until the status is there, so that nobody is handed a response and
 * then a failure.
 *
 * <p>Filled on the connection's thread, delivered behind that where the call's listener is called.
 */
final class SoleResponse<R> {

    private final MethodDescriptor<?, R> method;
    private @Nullable Metadata headers;
    private MessageDecoder.@Nullable Pending<R> response;

    SoleResponse(MethodDescriptor<?, R> method) {
        this.method = method;
    }

    void headers(Metadata headers) {
        this.headers = headers;
    }

    /** Whether the response, if there is one, arrived compressed. */
    boolean isCompressed() {
        return response != null && response.isCompressed();
    }

    /** Takes over the response; says what is wrong if there was one before. */
    @Nullable
    Status keep(MessageDecoder.Pending<R> another) {
        if (response == null) {
            response = another;
            return null;
        }
        another.drop();
        // statuscodes.md: a response cardinality violation is UNIMPLEMENTED.
        return Status.of(StatusCode.UNIMPLEMENTED, method.fullName() + " has one response, the server sent more");
    }

    /**
     * Delivers the headers, and the response if all is well; returns how the call ends. What the listener throws is thrown
     * on.
     */
    Status deliver(Status status, ClientCall.Listener<R> listener) {
        Status outcome = status;
        R message = null;
        MessageDecoder.Pending<R> kept = response;
        response = null;
        if (kept == null) {
            outcome = status.isOk() ? missing() : status;
        } else if (!status.isOk()) {
            kept.drop();
        } else {
            try {
                message = kept.get();
            } catch (StatusException undecodable) {
                outcome = undecodable.status();
            }
        }
        if (headers != null) {
            listener.onHeaders(headers);
        }
        if (message != null) {
            listener.onMessage(message);
        }
        return outcome;
    }

    private Status missing() {
        return Status.of(StatusCode.UNIMPLEMENTED, method.fullName() + " has one response, the server sent none");
    }
}
