// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

    @Test
    void theGenerationsOfJdk17AreAddedWithoutTheirParts() {
        assertThat(ProcessMemory.heap("""
                        4711:
                         def new generation   total 19648K, used 1000K [0x1, 0x2, 0x3)
                          eden space 17472K,   5% used [0x1, 0x2, 0x3)
                          from space 2176K,   0% used [0x1, 0x2, 0x3)
                         tenured generation   total 43712K, used 24K [0x1, 0x2, 0x3)
                           the space 43712K,   0% used [0x1, 0x2, 0x3)
                         Metaspace       used 85K, committed 256K, reserved 1114112K
                        """)).isEqualTo(1024 * 1024);
    }

    @Test
    void theGenerationsOfJdk25AreAdded() {
        assertThat(ProcessMemory.heap("""
                         DefNew     total 157248K, used 0K [0x1, 0x2, 0x3)
                         Tenured    total 349568K, used 2K [0x1, 0x2, 0x3)
                        """)).isEqualTo(2048);
    }

    @Test
    void anotherCollectorIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessMemory.heap(" garbage-first heap   total reserved 1K, committed 1K, used 1K"))
                .withMessageContaining("serial collector");
    }
}
