// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CountersTest {

    /** Keeps the arrays alive, so that no compiler leaves them out. */
    private static final AtomicReference<byte[]> KEPT = new AtomicReference<>();

    @Test
    void whatIsAllocatedBetweenTwoReadingsIsSeen() {
        Counters before = Counters.now();
        for (int i = 0; i < 100; i++) {
            KEPT.set(new byte[10_000]);
        }

        assertThat(Counters.now().since(before).allocatedBytes()).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void theSumOfThreadsSeesItToo() {
        long before = HeapAllocation.sumOfLivingThreads();
        for (int i = 0; i < 100; i++) {
            KEPT.set(new byte[10_000]);
        }

        assertThat(HeapAllocation.sumOfLivingThreads() - before).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void aReadingSurvivesTheLineBetweenProcesses() {
        Counters counters = new Counters(1, 2, 3);

        assertThat(Counters.parse(counters.encode())).isEqualTo(counters);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Counters.parse("1 2"))
                .withMessage("counters: \"1 2\" (expected: three numbers)");
    }

    @Test
    void workIsNeverNegative() {
        assertThat(new Counters(5, 7, 0).workNanos()).isZero();
    }
}
