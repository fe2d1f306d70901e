// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoresTest {

    @Test
    void theKernelsListOfCoresIsRead() {
        assertThat(Cores.parse("0-2,7,9-10")).containsExactly(0, 1, 2, 7, 9, 10);
        assertThat(Cores.parse("3")).containsExactly(3);
    }

    @Test
    void aPinnedCommandStaysWholeBehindTaskset() {
        assertThat(Cores.pinned(1, List.of("java", "-version")))
                .containsExactly("taskset", "-c", "1", "java", "-version");
    }
}
