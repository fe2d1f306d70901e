// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.testkit.FakeTicker;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.wire.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PingEnforcementTest {

    private final FakeTicker clock = new FakeTicker(Long.MAX_VALUE - 5); // Nanosecond clocks may wrap.
    private PingEnforcement enforcement = new PingEnforcement(ConnectionPolicy.DEFAULT);
    private int answers;

    private void ping() {
        enforcement.ping(clock.nanos(), true, answers);
    }

    private void pingWithoutCalls() {
        enforcement.ping(clock.nanos(), false, answers);
    }

    private void expectTooMany(Runnable ping) {
        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(ping::run)
                .withMessage("too_many_pings")
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM));
    }

    @Test
    void theFirstPingAndTwoThatComeTooSoonPassAndAThirdDoesNot() {
        ping();
        ping();
        ping();

        expectTooMany(this::ping);
    }

    @Test
    void pingsThatKeepTheirDistancePassForEver() {
        for (int i = 0; i < 100; i++) {
            ping();
            clock.advance(Duration.ofMinutes(5));
        }
    }

    @Test
    void strikesAreNotForgottenByPatience() {
        ping();
        ping();
        ping();
        clock.advance(Duration.ofMinutes(5));
        ping();

        expectTooMany(this::ping);
    }

    @Test
    void strikesAreForgottenWithEachAnswer() {
        for (int i = 0; i < 100; i++) {
            ping();
            ping();
            ping();
            answers++;
        }
    }

    @Test
    void withoutCallsTheDistanceIsTwoHours() {
        pingWithoutCalls();
        clock.advance(Duration.ofHours(2));
        pingWithoutCalls();
        clock.advance(Duration.ofHours(2).minusNanos(1));
        pingWithoutCalls();
        pingWithoutCalls();

        expectTooMany(this::pingWithoutCalls);
    }

    @Test
    void withoutCallsTheDistanceIsTheSameIfThatIsPermitted() {
        enforcement = new PingEnforcement(ConnectionPolicy.DEFAULT.withPermittedPings(Duration.ofMinutes(1), true));

        for (int i = 0; i < 100; i++) {
            pingWithoutCalls();
            clock.advance(Duration.ofMinutes(1));
        }
    }
}
