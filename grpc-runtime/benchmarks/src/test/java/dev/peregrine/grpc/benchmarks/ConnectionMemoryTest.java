// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConnectionMemoryTest {

    @Test
    void moreConnectionsThanFilesAreRefusedBeforeAnythingIsMeasured() {
        assumeThat(Files.exists(Path.of("/proc/self/limits"))).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionMemory(new String[] {"--connections=2000000000"}))
                .withMessageContaining("ulimit -n");
    }

    @Test
    void whatIsNoArgumentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionMemory(new String[] {"--conections=1"}))
                .withMessageContaining("--conections=1 (expected: --connections=n");
    }
}
