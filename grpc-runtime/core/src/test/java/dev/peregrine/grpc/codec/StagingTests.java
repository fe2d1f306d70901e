// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Large messages are read from a lent array. */
class StagingTests {

    @Test
    void aMessageInPiecesIsReadAsOne() {
        CompositeByteBuf pieces = Unpooled.compositeBuffer();
        pieces.addComponent(true, direct(3_000, 1));
        pieces.addComponent(true, direct(5_000, 2));

        byte[] read = Staging.read(pieces, StagingTests::bytesOf);

        assertThat(read).hasSize(8_000);
        assertThat(read[2_999]).isEqualTo((byte) 1);
        assertThat(read[3_000]).isEqualTo((byte) 2);
        assertThat(pieces.readableBytes()).isEqualTo(8_000);
        pieces.release();
    }

    @Test
    void theNextReaderSeesNothingOfTheLastMessage() {
        ByteBuf large = direct(9_000, 1);
        ByteBuf smaller = direct(4_000, 2);

        Staging.read(large, StagingTests::bytesOf);
        byte[] read = Staging.read(smaller, StagingTests::bytesOf);

        assertThat(read).hasSize(4_000).containsOnly(2);
        large.release();
        smaller.release();
    }

    @Test
    void messagesLargerThanWhatIsKeptAreReadToo() {
        ByteBuf huge = direct((4 << 20) + 1, 3);

        assertThat(Staging.read(huge, ByteBuffer::remaining)).isEqualTo((4 << 20) + 1);
        huge.release();
    }

    @Test
    void aReaderThatFailsIsHeard() {
        ByteBuf bytes = direct(4_000, 1);

        assertThatThrownBy(() -> Staging.read(bytes, in -> {
                    throw new IllegalArgumentException("broken");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("broken");
        bytes.release();
    }

    @Test
    void smallMessagesAndThoseOnTheHeapAreReadWhereTheyLie() {
        ByteBuf small = direct(100, 1);

        assertThat(Staging.isWorthIt(small)).isFalse();
        assertThat(Staging.isWorthIt(Unpooled.wrappedBuffer(new byte[10_000]))).isFalse();
        small.release();
    }

    private static byte[] bytesOf(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static ByteBuf direct(int size, int value) {
        byte[] content = new byte[size];
        Arrays.fill(content, (byte) value);
        return Unpooled.directBuffer(size).writeBytes(content);
    }
}
