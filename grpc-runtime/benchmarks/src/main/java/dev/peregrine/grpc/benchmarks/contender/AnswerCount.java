// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad.Outcome;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;

/** Counts the answers of one call after the other: a stream that loses some is no result. */
final class AnswerCount {

    private final int expected;
    private int seen;
    private EchoMessage last = EchoMessage.getDefaultInstance();

    AnswerCount(int expected) {
        this.expected = expected;
    }

    void add(EchoMessage answer) {
        seen++;
        last = answer;
    }

    /** The call has ended: tells its last answer, or that they were too few or too many. */
    void tell(Outcome outcome) {
        EchoMessage answer;
        try {
            answer = last();
        } catch (IllegalStateException miscounted) {
            outcome.failed(miscounted);
            return;
        }
        outcome.answered(answer);
    }

    /**
     * The call has ended.
     *
     * @throws IllegalStateException if the answers were too few or too many
     */
    EchoMessage last() {
        int count = seen;
        seen = 0;
        if (count != expected) {
            throw new IllegalStateException(count + " answers (expected: " + expected + ")");
        }
        return last;
    }
}
