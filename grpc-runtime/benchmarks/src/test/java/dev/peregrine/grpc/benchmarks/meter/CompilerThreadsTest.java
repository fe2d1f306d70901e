// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.meter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompilerThreadsTest {

    private static final String STAT =
            "41 (C2 CompilerThre) S 1 30 30 0 -1 4194368 9 0 0 0 1234 56 0 0 20 0 28 0 99 4000000000 9000 0";

    @Test
    void userAndSystemTimeAreAddedAlthoughTheNameHoldsSpaces() {
        assertThat(CompilerThreads.ticks(STAT)).isEqualTo(1290);
    }

    @Test
    void onlyTheCompilersCount() {
        assertThat(CompilerThreads.isCompiler(STAT)).isTrue();
        assertThat(CompilerThreads.isCompiler(STAT.replace("C2", "C1"))).isTrue();
        assertThat(CompilerThreads.isCompiler(STAT.replace("C2 CompilerThre", "grpc-loop-1")))
                .isFalse();
    }
}
