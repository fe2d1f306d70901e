// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a call ends with that a handler failed to answer. A {@link StatusException} is an answer, unless it is that of a
 * call the handler made: what another service told us was not meant for our caller. Everything else is ours to know; the
 * caller gets an id, under which the log has it.
 *
 * @param status what the caller is told
 * @param trailers what goes with it
 * @param id what the caller and the log call it; null if it was an answer
 */
record Failure(Status status, Metadata trailers, @Nullable String id) {

    /**
     * @param deadline that of the call which is answered; null if it has none
     */
    static Failure of(Throwable thrown, @Nullable Deadline deadline) {
        Throwable cause = Unwrapping.bareOf(thrown);
        if (cause instanceof StatusException answer) {
            if (!answer.isOfCall()) {
                return new Failure(answer.status(), answer.trailers(), null);
            }
            if (answer.code() == StatusCode.DEADLINE_EXCEEDED && deadline != null && deadline.isExpired()) {
                // The caller's time ran out, and the call that was made for it heard so first.
                return new Failure(
                        Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed while the server was at work")
                                .withCause(answer),
                        Metadata.EMPTY,
                        null);
            }
        }
        String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return new Failure(
                Status.of(StatusCode.UNKNOWN, "the service failed to answer (failure " + id + ")")
                        .withCause(cause),
                Metadata.EMPTY,
                id);
    }

    /** Whether nobody meant this to be the answer. */
    boolean isUnexpected() {
        return id != null;
    }

    String forTheLog(MethodDescriptor<?, ?> method) {
        return "the handler of " + method.fullName() + " failed (failure " + id + ")";
    }
}
