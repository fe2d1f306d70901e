// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static dev.peregrine.grpc.wire.Deframing.LIMIT;
import static dev.peregrine.grpc.wire.Deframing.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deframer refuses, and that it takes no memory on the word of a length. */
class MessageDeframerLimitsTest {

    @RegisterExtension
    final Deframing deframing = new Deframing();

    private final UnpooledByteBufAllocator alloc = deframing.alloc;
    private final MessageDeframer deframer = deframing.deframer;
    private final List<String> delivered = deframing.delivered;
    private final MessageDeframer.Sink sink = deframing.sink;

    // Limits and faults

    @Test
    void aMessageOfExactlyTheLimitIsDelivered() {
        MessageDeframer small = new MessageDeframer(3);

        assertThat(small.receive(messages("abc"), 1, alloc, sink)).isEqualTo(1);
    }

    @Test
    void aMessageOverTheLimitIsRefusedOnItsPrefixBeforeAnythingIsBuffered() {
        MessageDeframer small = new MessageDeframer(3);
        ByteBuf prefix = Unpooled.buffer();
        MessagePrefix.write(prefix, false, 4);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> small.receive(prefix, 0, alloc, sink))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED))
                .withMessageContaining("message of 4 bytes is larger than the allowed 3")
                .withMessageContaining("raise the receiver's limit");
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void aLengthIsUnsigned() {
        ByteBuf prefix = Unpooled.buffer().writeByte(0).writeInt(-1);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> deframing.receive(prefix, 1))
                .withMessageContaining("4294967295 bytes");
    }

    @Test
    void aPrefixInPiecesIsRefusedAsSoonAsItIsWhole() {
        MessageDeframer small = new MessageDeframer(3);
        ByteBuf data = messages("abcd");
        small.receive(data.readSlice(4), 0, alloc, sink);

        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> small.receive(data, 0, alloc, sink));
        assertThat(data.isReadable()).isFalse();
        assertThat(small.drainTakenBytes(0)).isEqualTo(9);
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void messagesBeforeTheOneOverTheLimitAreDelivered() {
        MessageDeframer small = new MessageDeframer(3);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> small.receive(messages("abc", "abcd"), 2, alloc, sink));
        assertThat(delivered).containsExactly("abc");
    }

    @Test
    void aMessageNobodyAskedForYetIsRefusedWhenItIsNext() {
        MessageDeframer small = new MessageDeframer(3);
        small.receive(messages("abc", "abcd"), 0, alloc, sink);

        assertThat(small.deliver(1, sink)).isEqualTo(1);
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> small.deliver(1, sink));
        assertThat(deframing.memory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 0x80, 0xff})
    void aFlagThatIsNeitherZeroNorOneIsAnInternalError(int flag) {
        ByteBuf data = Unpooled.buffer().writeByte(flag).writeInt(0);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> deframing.receive(data, 1))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(StatusCode.INTERNAL))
                .withMessageContaining("0x" + Integer.toHexString(flag));
    }

    @Test
    void afterAFaultEverythingReceivedIsTakenAndWhatComesIsDropped() {
        ByteBuf data = messages("fine").writeByte(9).writeInt(0).writeByte(1);
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> deframing.receive(data, 5));

        assertThat(deframer.drainTakenBytes(1)).isEqualTo(9 + 6);
        assertThat(deframing.receive(messages("late"), 1)).isZero();
        assertThat(deframer.drainTakenBytes(0)).isEqualTo(9);
        assertThat(delivered).containsExactly("fine");
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void aSinkThatThrowsClosesTheDeframer() {
        deframer.receive(messages("one", "two"), 0, alloc, sink);

        assertThatIllegalStateException()
                .isThrownBy(() -> deframer.deliver(2, (message, compressed) -> {
                    throw new IllegalStateException("from the sink");
                }))
                .withMessage("from the sink");
        assertThat(deframer.bufferedBytes()).isZero();
        assertThat(deframer.deliver(2, sink)).isZero();
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MessageDeframer(-1))
                .withMessageContaining("-1");
    }

    // Memory

    @Test
    void memoryIsNeverGivenOnTheWordOfALengthPrefix() {
        ByteBuf start = Unpooled.buffer();
        MessagePrefix.write(start, false, LIMIT);

        deframing.receive(start, 1);
        assertThat(deframing.memory()).isEqualTo(1024);

        int received = MessagePrefix.LENGTH;
        while (received < 100_000) {
            deframing.receive(Unpooled.wrappedBuffer(new byte[1000]), 1);
            received += 1000;
            assertThat(deframing.memory()).isLessThanOrEqualTo(Math.max(1024, 2L * received));
        }
    }

    @Test
    void aMessageThatLacksLittleGetsNoMoreThanItNeeds() {
        ByteBuf data = messages("a message of thirty-two bytes...");

        deframing.receive(data.readSlice(10), 1);

        assertThat(deframing.memory()).isEqualTo(MessagePrefix.LENGTH + 32);
    }

    @Test
    void bytesThatComeOneByOneAreNotCopiedEachTime() {
        for (int size : new int[] {0, 20_000}) {
            ByteBuf data = messages("x".repeat(size), "x".repeat(20_000 - size));
            MessageDeframer slow = new MessageDeframer(LIMIT);
            int reallocations = 0;
            long before = 0;
            while (data.isReadable()) {
                slow.receive(data.readSlice(1), 0, alloc, sink);
                reallocations += deframing.memory() == before ? 0 : 1;
                before = deframing.memory();
            }
            assertThat(reallocations).isLessThan(10);
            slow.close();
        }
    }
}
