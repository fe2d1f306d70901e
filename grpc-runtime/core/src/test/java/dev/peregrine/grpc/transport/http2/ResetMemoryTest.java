// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResetMemoryTest {

    private final ResetMemory memory = new ResetMemory(100);

    private void addUpTo(int last) {
        for (int id = 1; id <= last; id++) {
            memory.add(id);
        }
    }

    @Test
    void nothingIsRememberedAtFirst() {
        assertThat(memory.contains(0)).isFalse();
        assertThat(memory.contains(1)).isFalse();
    }

    @Test
    void theLastThousandAreRemembered() {
        addUpTo(1024);

        for (int id = 1; id <= 1024; id++) {
            assertThat(memory.contains(id)).isTrue();
        }
    }

    @Test
    void theOldestIsForgottenFirst() {
        addUpTo(1026);

        assertThat(memory.contains(1)).isFalse();
        assertThat(memory.contains(2)).isFalse();
        assertThat(memory.contains(3)).isTrue();
        assertThat(memory.contains(1026)).isTrue();
    }

    @Test
    void itGoesRoundMoreThanOnce() {
        addUpTo(5000);

        assertThat(memory.contains(5000 - 1024)).isFalse();
        assertThat(memory.contains(5000 - 1023)).isTrue();
    }

    @Test
    void asManyAreRememberedAsMayBeOpenAtOnce() {
        ResetMemory large = new ResetMemory(3000);
        for (int id = 1; id <= 3001; id++) {
            large.add(id);
        }

        assertThat(large.contains(1)).isFalse();
        assertThat(large.contains(2)).isTrue();
        assertThat(large.contains(3001)).isTrue();
    }

    @Test
    void whatIsResetAgainTakesNoOthersPlace() {
        addUpTo(1024);
        memory.add(1);
        memory.add(1024);

        assertThat(memory.contains(1)).isTrue();
        assertThat(memory.contains(2)).isTrue();
    }
}
