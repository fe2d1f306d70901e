// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MessagePrefixTest {

    private final ByteBuf out = Unpooled.buffer();

    @Test
    void aPrefixIsAFlagAndABigEndianLength() {
        MessagePrefix.write(out, false, 0x01020304);
        MessagePrefix.write(out, true, 0);

        assertThat(ByteBufUtil.getBytes(out)).containsExactly(0, 1, 2, 3, 4, 1, 0, 0, 0, 0);
        assertThat(out.readableBytes()).isEqualTo(2 * MessagePrefix.LENGTH);
    }
}
