// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.testkit.FakeTicker;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FloodGuardTest {

    private final FakeTicker clock = new FakeTicker(Long.MAX_VALUE - 5); // Nanosecond clocks may wrap.
    private final Limits limits = Limits.DEFAULT.withMaxResetsPerWindow(3).withMaxQueuedControlFrames(2);
    private final FloodGuard guard = new FloodGuard(limits, clock::nanos, true);

    private static void refused(ThrowingCallable code, String text) {
        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(code)
                .withMessage(text)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM));
    }

    private void resets(int count) {
        for (int i = 0; i < count; i++) {
            guard.streamReset();
        }
    }

    // ---- resets ----

    @Test
    void asManyResetsAsAllowedPassAndOneMoreDoesNot() {
        resets(3);

        refused(guard::streamReset, "more than 3 streams more were reset than answered within 30 s");
    }

    @Test
    void resetsAreForgottenBehindTheirWindow() {
        resets(3);
        clock.advance(Duration.ofSeconds(30).plusNanos(1));
        resets(3);

        refused(guard::streamReset, "more than 3 streams more were reset than answered within 30 s");
    }

    @Test
    void resetsAreRememberedWithinTheirWindow() {
        resets(3);
        clock.advance(Duration.ofSeconds(30));

        refused(guard::streamReset, "more than 3 streams more were reset than answered within 30 s");
    }

    @Test
    void aCallThatEndsWellPaysForOneThatDoesNot() {
        for (int i = 0; i < 100; i++) {
            guard.streamReset();
            guard.streamCompleted();
        }
    }

    @Test
    void whoHasWaitedForACallMayGiveItUp() {
        for (int i = 0; i < 100; i++) {
            guard.streamReset(Duration.ofMillis(50).toNanos());
        }
        guard.streamReset(Duration.ofMillis(50).toNanos() - 1);
        resets(2);

        refused(guard::streamReset, "more than 3 streams more were reset than answered within 30 s");
    }

    @Test
    void goodCallsCannotBeSavedUp() {
        for (int i = 0; i < 100; i++) {
            guard.streamCompleted();
        }
        resets(3);

        refused(guard::streamReset, "more than 3 streams more were reset than answered within 30 s");
    }

    @Test
    void aServerMayResetAsItLikes() {
        FloodGuard ofClient = new FloodGuard(limits, clock::nanos, false);
        for (int i = 0; i < 100; i++) {
            ofClient.streamReset();
        }
    }

    // ---- empty frames ----

    @Test
    void twoEmptyFramesInARowPassAndAThirdDoesNot() {
        guard.data(true);
        guard.data(true);
        guard.data(false);
        guard.data(true);
        guard.data(true);

        refused(() -> guard.data(true), "more than 2 DATA frames in a row were empty");
    }
}
