// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResetMemoryTest {

    private final ResetMemory memory = new ResetMemory();

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
}
