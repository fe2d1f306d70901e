// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamHalvesTest {

    private final StreamHalves halves = new StreamHalves();

    @Test
    void aStreamBeginsIdle() {
        assertThat(halves.isLocalOpen()).isFalse();
        assertThat(halves.isRemoteOpen()).isFalse();
        assertThat(halves.isLocalClosed()).isFalse();
        assertThat(halves.isRemoteClosed()).isFalse();
        assertThat(halves.isClosed()).isFalse();
        assertThat(halves).hasToString("local idle, remote idle");
    }

    @Test
    void aUnaryCallSeenByTheServer() {
        assertThat(halves.remoteHeaders(false)).isTrue();
        assertThat(halves.isRemoteOpen()).isTrue();
        assertThat(halves.remoteData(true)).isTrue();
        assertThat(halves.isRemoteClosed()).isTrue();
        assertThat(halves.isClosed()).isFalse();

        halves.openLocal();
        assertThat(halves.isLocalOpen()).isTrue();
        halves.closeLocal();
        assertThat(halves.isLocalClosed()).isTrue();
        assertThat(halves.isClosed()).isTrue();
        assertThat(halves.isReset()).isFalse();
    }

    @Test
    void aStreamingCallSeenByTheClient() {
        halves.openLocal();
        assertThat(halves.remoteHeaders(false)).isTrue();
        assertThat(halves.remoteData(false)).isTrue();
        assertThat(halves.isLocalOpen()).isTrue();
        halves.closeLocal();
        assertThat(halves.remoteData(false)).isTrue();
        assertThat(halves.remoteHeaders(true)).isTrue();
        assertThat(halves.isClosed()).isTrue();
    }

    @Test
    void trailersOnlyOpenAndCloseTheRemoteHalfAtOnce() {
        halves.openLocal();

        assertThat(halves.remoteHeaders(true)).isTrue();
        assertThat(halves.isRemoteClosed()).isTrue();
        assertThat(halves.isLocalOpen()).isTrue();
    }

    @Test
    void aServerMayAnswerBeforeTheClientIsDone() {
        halves.remoteHeaders(false);
        halves.openLocal();
        halves.closeLocal();

        assertThat(halves.isClosed()).isFalse();
        assertThat(halves.remoteData(true)).isTrue();
        assertThat(halves.isClosed()).isTrue();
    }

    @Test
    void dataBeforeHeadersIsUnlawful() {
        assertThat(halves.remoteData(false)).isFalse();
        assertThat(halves.remoteData(true)).isFalse();
        assertThat(halves.closeRemote()).isFalse();
        assertThat(halves).hasToString("local idle, remote idle");
    }

    @Test
    void aSecondHeaderBlockThatDoesNotEndTheHalfIsUnlawful() {
        halves.remoteHeaders(false);

        assertThat(halves.remoteHeaders(false)).isFalse();
        assertThat(halves.isRemoteOpen()).isTrue();
    }

    @Test
    void nothingMayFollowTheEndOfTheRemoteHalf() {
        halves.remoteHeaders(true);

        assertThat(halves.remoteHeaders(true)).isFalse();
        assertThat(halves.remoteHeaders(false)).isFalse();
        assertThat(halves.remoteData(true)).isFalse();
        assertThat(halves.remoteData(false)).isFalse();
        assertThat(halves.openRemote()).isFalse();
        assertThat(halves.closeRemote()).isFalse();
        assertThat(halves.isRemoteClosed()).isTrue();
    }

    @Test
    void ourOwnUnlawfulStepsThrowAndSayWhatIsTheMatter() {
        assertThatIllegalStateException()
                .isThrownBy(halves::closeLocal)
                .withMessage("cannot close the local half: the stream is local idle, remote idle; it must be open");

        halves.openLocal();
        assertThatIllegalStateException().isThrownBy(halves::openLocal).withMessageContaining("it must be idle");

        halves.closeLocal();
        assertThatIllegalStateException().isThrownBy(halves::openLocal);
        assertThatIllegalStateException().isThrownBy(halves::closeLocal);
        assertThat(halves.isLocalClosed()).isTrue();
    }

    @Test
    void aResetClosesBothHalvesFromEveryState() {
        for (int steps = 0; steps < 4; steps++) {
            StreamHalves stream = new StreamHalves();
            if (steps > 0) {
                stream.openLocal();
            }
            if (steps > 1) {
                stream.openRemote();
            }
            if (steps > 2) {
                stream.closeLocal();
            }
            stream.reset();
            stream.reset();

            assertThat(stream.isClosed()).isTrue();
            assertThat(stream.isReset()).isTrue();
            assertThat(stream.isLocalClosed()).isTrue();
            assertThat(stream.isRemoteClosed()).isTrue();
            assertThat(stream.remoteData(false)).isFalse();
            assertThatIllegalStateException().isThrownBy(stream::openLocal);
            assertThat(stream).hasToString("local closed, remote closed, reset");
        }
    }

    @Test
    void aStreamThatEndedByItselfIsNotReset() {
        halves.openLocal();
        halves.closeLocal();
        halves.remoteHeaders(true);
        halves.reset();

        assertThat(halves.isClosed()).isTrue();
        assertThat(halves.isReset()).isFalse();
    }

    /** Two integers, 0 idle, 1 open, 2 closed, say the same in the plainest way. */
    @Test
    void eachHalfOnlyMovesForwardWhateverHappensToTheOther() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            StreamHalves stream = new StreamHalves();
            int local = 0;
            int remote = 0;
            for (int n = 0; n < 8; n++) {
                int event = random.nextInt(8);
                switch (event) {
                    case 0, 1 -> {
                        if (local == event) {
                            moveLocal(stream, event);
                            local++;
                        } else {
                            assertThatIllegalStateException().isThrownBy(() -> moveLocal(stream, event));
                        }
                    }
                    case 2, 3 -> {
                        boolean end = event == 3;
                        assertThat(stream.remoteData(end)).isEqualTo(remote == 1);
                        remote += end && remote == 1 ? 1 : 0;
                    }
                    case 4, 5 -> {
                        boolean end = event == 5;
                        boolean lawful = remote == 0 || (remote == 1 && end);
                        assertThat(stream.remoteHeaders(end)).isEqualTo(lawful);
                        remote = !lawful ? remote : end ? 2 : 1;
                    }
                    case 6 -> {
                        assertThat(stream.openRemote()).isEqualTo(remote == 0);
                        remote = Math.max(1, remote);
                    }
                    default -> {
                        if (random.nextInt(4) == 0) {
                            stream.reset();
                            local = 2;
                            remote = 2;
                        }
                    }
                }
                assertThat(stream.isLocalOpen()).isEqualTo(local == 1);
                assertThat(stream.isLocalClosed()).isEqualTo(local == 2);
                assertThat(stream.isRemoteOpen()).isEqualTo(remote == 1);
                assertThat(stream.isRemoteClosed()).isEqualTo(remote == 2);
                assertThat(stream.isClosed()).isEqualTo(local == 2 && remote == 2);
            }
        }
    }

    private static void moveLocal(StreamHalves stream, int event) {
        if (event == 0) {
            stream.openLocal();
        } else {
            stream.closeLocal();
        }
    }
}
