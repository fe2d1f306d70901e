// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.Payload;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What cases check. Every method throws {@link CaseFailedException} with what was found and what was expected. */
final class Expect {

    private Expect() {}

    static void equal(String what, Object expected, @Nullable Object found) {
        if (!Objects.equals(expected, found)) {
            throw new CaseFailedException(what + ": " + found + " (expected: " + expected + ")");
        }
    }

    /** A payload of this size, with nothing but zeros in it. */
    static void zeros(String what, int size, Payload payload) {
        equal("the payload size of " + what, size, payload.getBody().size());
        if (!Payloads.isZeros(payload.getBody())) {
            throw new CaseFailedException("the payload of " + what + " has bytes that are not zero");
        }
    }

    /** A response that came at all, with zeros in it. */
    static void response(String what, int size, @Nullable StreamingOutputCallResponse response) {
        if (response == null) {
            throw new CaseFailedException(what + " did not come: the stream ended with OK before");
        }
        zeros(what, size, response.getPayload());
    }

    /** That the stream ends with OK here. */
    static void noMore(ServerStreamingCall<?> call) {
        if (call.read() != null) {
            throw new CaseFailedException("the server sent a response more than it was asked for");
        }
    }

    /** That the call fails; returns how. */
    static Status failure(Supplier<?> call) {
        Object response;
        try {
            response = call.get();
        } catch (StatusException failure) {
            return failure.status();
        }
        throw new CaseFailedException(
                response == null ? "the call ended with OK instead of failing" : "the call was answered: " + response);
    }
}
