// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9113 §6.9: what may be sent, and what may be received. */
class WindowsTest {

    // ---- sending ----

    @Test
    void whatIsSentIsTakenFromTheWindowAndUpdatesBringItBack() {
        SendWindow window = new SendWindow(10);
        window.take(7);
        assertThat(window.available()).isEqualTo(3);
        assertThat(window.grow(4)).isTrue();
        assertThat(window.available()).isEqualTo(7);
    }

    @Test
    void aWindowMayBecomeNegativeAndIsMadeUpForFirst() {
        SendWindow window = new SendWindow(10);
        window.take(10);
        assertThat(window.grow(-6)).isTrue();
        assertThat(window.available()).isEqualTo(-6);
        assertThat(window.grow(7)).isTrue();
        assertThat(window.available()).isEqualTo(1);
    }

    @Test
    void aWindowGrowsUpToTheLargestIntAndNoFurther() {
        SendWindow window = new SendWindow(1);
        assertThat(window.grow(Integer.MAX_VALUE)).isFalse();
        assertThat(window.available()).isEqualTo(1);
        assertThat(window.grow(Integer.MAX_VALUE - 1)).isTrue();
        assertThat(window.available()).isEqualTo(Integer.MAX_VALUE);
    }

    // ---- receiving ----

    @Test
    void aWindowMayBeUsedUpButNotMore() {
        ReceiveWindow window = new ReceiveWindow(10);
        assertThat(window.use(10)).isTrue();
        assertThat(window.use(0)).isTrue();
        assertThat(window.use(1)).isFalse();
    }

    @Test
    void thePeerHearsWhenHalfAWindowIsTogether() {
        ReceiveWindow window = new ReceiveWindow(10);
        window.use(10);
        assertThat(window.giveBack(4)).isZero();
        assertThat(window.giveBack(1)).isEqualTo(5);
        assertThat(window.giveBack(4)).isZero();
        assertThat(window.use(5)).isTrue();
        assertThat(window.use(1)).isFalse();
    }

    @Test
    void whatWasNotToldToThePeerCannotBeUsed() {
        ReceiveWindow window = new ReceiveWindow(10);
        window.use(10);
        window.giveBack(4);
        assertThat(window.use(1)).isFalse();
    }

    @Test
    void theSmallestWindowsAreGivenBackAsWell() {
        ReceiveWindow window = new ReceiveWindow(1);
        window.use(1);
        assertThat(window.giveBack(1)).isEqualTo(1);
    }

    // ---- receiving on all streams ----

    /** RFC 9113 §6.9.2: until it has heard of our SETTINGS the peer goes by 65,535, and these may grow meanwhile. */
    @Test
    void aWindowOfTheLargestSizeMayBeBelievedToBeLargerStill() {
        ReceiveWindow window = new ReceiveWindow(1024, 65_535);
        window.widen(Integer.MAX_VALUE - 1024);

        assertThat(window.use(Integer.MAX_VALUE)).isTrue();
        assertThat(window.use(65_535 - 1024)).isTrue();
        assertThat(window.use(1)).isFalse();
    }

    @Test
    void whatArrivesOnTheConnectionIsGivenBackThoughItIsNotRead() {
        SharedReceiveWindow window = new SharedReceiveWindow(10, Long.MAX_VALUE);
        window.use(4);
        assertThat(window.arrived(4)).isZero();
        window.use(4);
        assertThat(window.arrived(4)).isEqualTo(8);
        assertThat(window.taken(8)).isZero();
    }

    @Test
    void beyondSixteenWindowsUnreadNothingIsGivenBackUntilSomeIsTaken() {
        SharedReceiveWindow window = new SharedReceiveWindow(10, Long.MAX_VALUE);
        for (int i = 0; i < 16; i++) {
            window.use(10);
            assertThat(window.arrived(10)).isEqualTo(10);
        }
        window.use(10);
        assertThat(window.arrived(10)).isZero();
        assertThat(window.use(1)).isFalse();
        assertThat(window.taken(9)).isZero();
        assertThat(window.taken(1)).isEqualTo(10);
    }
}
