// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.Events;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

class LeakCheckTests {

    @ExtendWith(LeakCheck.class)
    static class Leaky {
        @Test
        void drops() {
            ByteBuf dropped = PooledByteBufAllocator.DEFAULT.directBuffer(16);
            assertThat(dropped.writeLong(1).touch("dropped by Leaky").readableBytes())
                    .isEqualTo(8);
        }
    }

    @ExtendWith(LeakCheck.class)
    static class Clean {
        @Test
        void releases() {
            assertThat(PooledByteBufAllocator.DEFAULT.directBuffer(16).release())
                    .isTrue();
        }
    }

    @Test
    void aClassThatDropsABufferFailsWithThePlaceItWasLastSeen() {
        run(Leaky.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        EventConditions.event(
                                EventConditions.container(Leaky.class),
                                EventConditions.finishedWithFailure(TestExecutionResultConditions.message(
                                        text -> text.contains("dropped by Leaky")))));
    }

    @Test
    void aClassThatReleasesEverythingPassesEvenBehindOneThatDoesNot() {
        run(Leaky.class);
        run(Clean.class).assertStatistics(statistics -> statistics.failed(0).succeeded(2));
    }

    private static Events run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute()
                .containerEvents();
    }
}
