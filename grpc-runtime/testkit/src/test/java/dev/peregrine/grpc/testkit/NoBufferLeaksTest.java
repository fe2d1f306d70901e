// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NoBufferLeaksTest {

    @BeforeEach
    void takeWhatOthersLeft() throws InterruptedException {
        assertThat(NoBufferLeaks.takeReports()).isEmpty();
    }

    @Test
    void aLostBufferIsReported() throws InterruptedException {
        lose(UnpooledByteBufAllocator.DEFAULT.buffer(16));
        lose(PooledByteBufAllocator.DEFAULT.directBuffer(16));

        assertThat(NoBufferLeaks.takeReports()).hasSize(2).allMatch(report -> report.startsWith("ByteBuf"));
    }

    @Test
    void aReleasedBufferIsNotReported() throws InterruptedException {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();

        assertThat(NoBufferLeaks.takeReports()).isEmpty();
    }

    private static void lose(ByteBuf buffer) {
        buffer.writeByte(1);
    }
}
