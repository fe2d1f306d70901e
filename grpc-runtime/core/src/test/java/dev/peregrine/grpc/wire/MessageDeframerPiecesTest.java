// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Large messages lie in pieces, which are written once and never moved. */
class MessageDeframerPiecesTest {

    @RegisterExtension
    final Deframing deframing = new Deframing();

    @Test
    void aLargeMessageLiesInPiecesAndIsCopiedOnce() {
        byte[] large = new byte[100_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) i;
        }
        ByteBuf data = Unpooled.buffer();
        MessagePrefix.write(data, false, large.length);
        data.writeBytes(large);
        MessageDeframer collecting = new MessageDeframer(large.length);
        List<byte[]> whole = new ArrayList<>();

        while (data.isReadable()) {
            collecting.receive(
                    data.readSlice(Math.min(7_777, data.readableBytes())),
                    1,
                    deframing.alloc,
                    (message, compressed) -> {
                        assertThat(message.nioBufferCount()).isGreaterThan(1);
                        whole.add(ByteBufUtil.getBytes(message));
                    });
        }

        assertThat(whole).containsExactly(large);
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void aLargeMessageSomebodyHoldsOnToStaysAsItIsWhateverComesBehind() {
        ByteBuf data = Unpooled.buffer();
        for (int value = 1; value <= 3; value++) {
            MessagePrefix.write(data, false, 70_000);
            for (int i = 0; i < 70_000; i++) {
                data.writeByte(value);
            }
        }
        List<ByteBuf> held = new ArrayList<>();
        MessageDeframer.Sink holder = (message, compressed) -> held.add(message.retainedSlice());

        while (data.isReadable()) {
            deframing.deframer.receive(
                    data.readSlice(Math.min(10_000, data.readableBytes())), 0, deframing.alloc, holder);
            if (data.readerIndex() == 100_000) {
                deframing.deframer.deliver(1, holder);
            }
        }
        deframing.deframer.deliver(2, holder);

        assertThat(held).hasSize(3);
        for (int value = 1; value <= 3; value++) {
            byte[] expected = new byte[70_000];
            Arrays.fill(expected, (byte) value);
            assertThat(ByteBufUtil.getBytes(held.get(value - 1))).isEqualTo(expected);
            held.get(value - 1).release();
        }
        assertThat(deframing.memory()).isZero();
    }
}
