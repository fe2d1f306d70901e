// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.wire.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class UnreadGuardTest {

    private final UnreadGuard guard =
            new UnreadGuard(Limits.DEFAULT.withMaxConcurrentCalls(3).withMaxQueuedControlFrames(2));

    private static void refused(ThrowingCallable code, String text) {
        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(code)
                .withMessage(text)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM));
    }

    @Test
    void asManyAnswersAsAllowedMayWaitAndOneMoreMayNot() {
        guard.answer(false);
        guard.answer(false);

        refused(
                () -> guard.answer(false),
                "3 answers to SETTINGS and PING wait for a peer that does not read (allowed: 2, maxQueuedControlFrames)");
    }

    @Test
    void whoDoesNotReadMayOpenAsManyCallsAsMayBeOpenAndALittleMore() {
        for (int i = 0; i < 5; i++) {
            guard.call(false);
        }

        refused(
                () -> guard.call(false),
                "6 calls were opened by a peer that does not read (allowed: 5, maxConcurrentCalls and"
                        + " maxQueuedControlFrames together)");
    }

    @Test
    void whoReadsAgainStartsAgain() {
        for (int i = 0; i < 10; i++) {
            guard.answer(false);
            guard.answer(false);
            guard.call(false);
            guard.peerReads();
        }
    }

    @Test
    void whoReadsMayAskAsOftenAsItLikes() {
        for (int i = 0; i < 100; i++) {
            guard.answer(true);
            guard.call(true);
        }
    }
}
