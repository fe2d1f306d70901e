// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedReceiveWindowTests {

    private final SharedReceiveWindow window = new SharedReceiveWindow(100, Long.MAX_VALUE);

    @Test
    void bytesComeBackAsTheyArriveThoughNobodyReads() {
        assertThat(window.use(49)).isTrue();
        assertThat(window.arrived(49)).as("less than half a window").isZero();
        assertThat(window.use(1)).isTrue();
        assertThat(window.arrived(1)).isEqualTo(50);
    }

    @Test
    void beyondSixteenWindowsUnreadNothingComesBackUntilSomeIsTaken() {
        for (int i = 0; i < 16; i++) {
            assertThat(window.use(100)).isTrue();
            assertThat(window.arrived(100)).isEqualTo(100);
        }
        assertThat(window.use(100)).isTrue();
        assertThat(window.arrived(100)).as("1700 unread, 1600 allowed").isZero();
        assertThat(window.use(1)).as("more than the window").isFalse();

        assertThat(window.taken(99)).isZero();
        assertThat(window.taken(1)).isEqualTo(100);
    }

    @Test
    void takingWhatCameBackAlreadyTellsThePeerNothing() {
        window.use(100);
        assertThat(window.arrived(100)).isEqualTo(100);

        assertThat(window.taken(100)).isZero();
    }
}
