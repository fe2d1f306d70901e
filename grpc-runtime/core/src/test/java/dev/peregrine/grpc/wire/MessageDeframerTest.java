// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static dev.peregrine.grpc.wire.Deframing.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MessageDeframerTest {

    @RegisterExtension
    final Deframing deframing = new Deframing();

    private final UnpooledByteBufAllocator alloc = deframing.alloc;
    private final MessageDeframer deframer = deframing.deframer;
    private final List<String> delivered = deframing.delivered;
    private final MessageDeframer.Sink sink = deframing.sink;

    @Test
    void aMessageThatLiesWholeInTheDataIsDeliveredUncopied() {
        ByteBuf data = messages("hello");

        int count = deframer.receive(data, 1, alloc, (message, compressed) -> {
            assertThat(message.array()).isSameAs(data.array());
            sink.message(message, compressed);
        });

        assertThat(count).isEqualTo(1);
        assertThat(delivered).containsExactly("hello");
        assertThat(deframing.memory()).isZero();
        assertThat(data.isReadable()).isFalse();
        assertThat(data.refCnt()).isEqualTo(1);
    }

    @Test
    void severalMessagesInOnePieceOfDataAreDeliveredInOrder() {
        assertThat(deframing.receive(messages("one", "two", "", "three"), 10)).isEqualTo(4);
        assertThat(delivered).containsExactly("one", "two", "", "three");
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void theCompressedFlagIsTold() {
        ByteBuf data = Unpooled.buffer();
        MessagePrefix.write(data, true, 1);
        data.writeByte('z');

        deframing.receive(data, 1);

        assertThat(delivered).containsExactly("compressed z");
    }

    @Test
    void noMoreThanTheDemandIsDeliveredAndTheRestIsKept() {
        assertThat(deframing.receive(messages("one", "two", "three"), 1)).isEqualTo(1);
        assertThat(delivered).containsExactly("one");
        assertThat(deframer.bufferedBytes()).isEqualTo(8 + 10);
        assertThat(deframer.isMidMessage()).isFalse();

        assertThat(deframer.deliver(1, sink)).isEqualTo(1);
        assertThat(deframer.deliver(5, sink)).isEqualTo(1);
        assertThat(delivered).containsExactly("one", "two", "three");
        assertThat(deframer.deliver(5, sink)).isZero();
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void aMessageInSingleBytesIsPutTogether() {
        ByteBuf data = messages("hello");
        while (data.readableBytes() > 1) {
            assertThat(deframing.receive(data.readSlice(1), 1)).isZero();
            assertThat(deframer.isMidMessage()).isTrue();
        }
        assertThat(deframing.receive(data, 1)).isEqualTo(1);
        assertThat(delivered).containsExactly("hello");
        assertThat(deframer.isMidMessage()).isFalse();
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void behindACompletedMessageTheDataIsAgainDeliveredUncopied() {
        ByteBuf data = messages("first", "second", "third");
        deframing.receive(data.readSlice(7), 10);

        deframer.receive(data, 10, alloc, (message, compressed) -> {
            sink.message(message, compressed);
            assertThat(message.array() == data.array()).isEqualTo(delivered.size() > 1);
        });

        assertThat(delivered).containsExactly("first", "second", "third");
        assertThat(deframing.memory()).isZero();
    }

    @Test
    void appendedDataWaitsForDelivery() {
        ByteBuf data = messages("one", "two");
        deframer.receive(data.readSlice(4), 0, alloc, sink);
        deframer.receive(data, 0, alloc, sink);

        assertThat(data.isReadable()).isFalse();
        assertThat(deframer.deliver(0, sink)).isZero();
        assertThat(delivered).isEmpty();
        assertThat(deframer.deliver(2, sink)).isEqualTo(2);
        assertThat(delivered).containsExactly("one", "two");
    }

    @Test
    void emptyDataChangesNothing() {
        assertThat(deframing.receive(Unpooled.EMPTY_BUFFER, 1)).isZero();
        deframer.receive(Unpooled.EMPTY_BUFFER, 0, alloc, sink);

        assertThat(deframer.bufferedBytes()).isZero();
        assertThat(deframer.isMidMessage()).isFalse();
        assertThat(deframing.memory()).isZero();
    }

    // The sink calls back

    @Test
    void closingInsideTheSinkEndsTheDeliveryButNotTheMessageInHand() {
        deframer.receive(messages("one", "two"), 0, alloc, sink);

        int count = deframer.deliver(2, (message, compressed) -> {
            deframer.close();
            sink.message(message, compressed);
        });

        assertThat(count).isEqualTo(1);
        assertThat(delivered).containsExactly("one");
        assertThat(deframer.bufferedBytes()).isZero();
        assertThat(deframer.isMidMessage()).isFalse();
        assertThat(deframing.memory()).isZero();
        assertThat(deframer.drainTakenBytes(0)).isEqualTo(16);
    }

    @Test
    void closingInsideTheSinkDropsTheRestOfTheData() {
        ByteBuf data = messages("one", "two").writeByte(0);

        int count = deframer.receive(data, 2, alloc, (message, compressed) -> {
            deframer.close();
            sink.message(message, compressed);
        });

        assertThat(count).isEqualTo(1);
        assertThat(delivered).containsExactly("one");
        assertThat(data.isReadable()).isFalse();
        assertThat(deframing.memory()).isZero();
        assertThat(deframer.drainTakenBytes(0)).isEqualTo(17);
    }

    @Test
    void deliveringInsideTheSinkDoesNothing() {
        deframer.receive(messages("one", "two", "three"), 0, alloc, sink);

        int count = deframer.deliver(2, (message, compressed) -> {
            assertThat(deframer.deliver(5, sink)).isZero();
            sink.message(message, compressed);
        });

        assertThat(count).isEqualTo(2);
        assertThat(delivered).containsExactly("one", "two");
        assertThat(deframer.deliver(1, sink)).isEqualTo(1);
    }

    @Test
    void receivingInsideTheSinkIsAMistake() {
        ByteBuf late = messages("late");

        assertThatIllegalStateException()
                .isThrownBy(() -> deframer.receive(
                        messages("one"), 1, alloc, (message, compressed) -> deframer.receive(late, 0, alloc, sink)))
                .withMessageContaining("inside the sink");
    }

    @Test
    void takenBytesMayBeDrainedInsideTheSink() {
        List<Integer> taken = new ArrayList<>();

        deframer.receive(
                messages("one", "four"), 2, alloc, (message, compressed) -> taken.add(deframer.drainTakenBytes(1)));

        assertThat(taken).containsExactly(8, 9);
    }
}
