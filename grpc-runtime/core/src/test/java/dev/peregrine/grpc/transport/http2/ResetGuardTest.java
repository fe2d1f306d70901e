// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.testkit.FakeTicker;
import dev.peregrine.grpc.wire.ErrorCode;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ResetGuardTest {

    private static final String FOUR =
            "4 streams were reset beyond those answered OK within 30 s (allowed: 3, maxResetsPerWindow)";

    private final FakeTicker clock = new FakeTicker(Long.MAX_VALUE - 5); // Nanosecond clocks may wrap.
    private final ResetGuard guard = new ResetGuard(3, clock::nanos);

    private static void refused(ThrowingCallable code, String text) {
        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(code)
                .withMessage(text)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM));
    }

    private void resets(int count) {
        for (int i = 0; i < count; i++) {
            guard.reset();
        }
    }

    @Test
    void asManyResetsAsAllowedPassAndOneMoreDoesNot() {
        resets(3);

        refused(guard::reset, FOUR);
    }

    @Test
    void resetsAreForgottenBehindTheirWindow() {
        resets(3);
        clock.advance(Duration.ofSeconds(30).plusNanos(1));
        resets(3);

        refused(guard::reset, FOUR);
    }

    @Test
    void resetsAreRememberedWithinTheirWindow() {
        resets(3);
        clock.advance(Duration.ofSeconds(30));

        refused(guard::reset, FOUR);
    }

    @Test
    void aCallThatEndsWellPaysForOneThatDoesNot() {
        for (int i = 0; i < 100; i++) {
            guard.reset();
            guard.completed();
        }
    }

    @Test
    void whoHasWaitedForACallMayGiveItUp() {
        for (int i = 0; i < 100; i++) {
            guard.reset(Duration.ofMillis(50).toNanos());
        }
        guard.reset(Duration.ofMillis(50).toNanos() - 1);
        resets(2);

        refused(guard::reset, FOUR);
    }

    @Test
    void goodCallsCannotBeSavedUp() {
        for (int i = 0; i < 100; i++) {
            guard.completed();
        }
        resets(3);

        refused(guard::reset, FOUR);
    }
}
