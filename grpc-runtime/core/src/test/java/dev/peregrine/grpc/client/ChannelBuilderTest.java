// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.balancing.ConnectivityState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a channel cannot be made of. */
class ChannelBuilderTest {

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.000000001S", "PT2562047788015215H30M7S"})
    void aFirstBackoffIsMoreThanNothingAndAtMostADay(Duration backoff) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagedChannel.builder("host").initialBackoff(backoff))
                .withMessage("initial backoff: " + backoff + " (expected: > 0, at most a day)");
    }

    @Test
    void aFirstBackoffOfADayIsTaken() {
        try (ManagedChannel channel = ManagedChannel.builder("host")
                .initialBackoff(Duration.ofDays(1))
                .build()) {
            assertThat(channel.state()).isEqualTo(ConnectivityState.IDLE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.000999999S", "PT-1S", "PT24H0.000000001S"})
    void connectingTakesAMillisecondAtLeastAndADayAtMost(Duration timeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ManagedChannel.builder("host").connectTimeout(timeout).build())
                .withMessage("connectTimeout: " + timeout + " (expected: a millisecond to a day)");
    }

    @Test
    void callsWithinTheProcessAreNotEncrypted() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> ManagedChannel.builder("inprocess:greeter").tls().build())
                .withMessage("TLS was chosen for inprocess:greeter, but calls within a process are not encrypted; leave"
                        + " out tls() for such targets");
    }
}
