// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageDeframerTest {

    private static final int LIMIT = 4 * 1024 * 1024;

    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    private final MessageDeframer deframer = new MessageDeframer(LIMIT);
    private final List<String> delivered = new ArrayList<>();
    private final MessageDeframer.Sink sink = (message, compressed) -> delivered.add(text(message, compressed));

    @AfterEach
    void everythingIsGivenBackAfterClose() {
        deframer.close();
        assertThat(memory()).isZero();
    }

    @Test
    void aMessageThatLiesWholeInTheDataIsDeliveredUncopied() {
        ByteBuf data = messages("hello");

        int count = deframer.receive(data, 1, alloc, (message, compressed) -> {
            assertThat(message.array()).isSameAs(data.array());
            sink.message(message, compressed);
        });

        assertThat(count).isEqualTo(1);
        assertThat(delivered).containsExactly("hello");
        assertThat(memory()).isZero();
        assertThat(data.isReadable()).isFalse();
        assertThat(data.refCnt()).isEqualTo(1);
    }

    @Test
    void severalMessagesInOnePieceOfDataAreDeliveredInOrder() {
        assertThat(receive(messages("one", "two", "", "three"), 10)).isEqualTo(4);
        assertThat(delivered).containsExactly("one", "two", "", "three");
        assertThat(memory()).isZero();
    }

    @Test
    void theCompressedFlagIsTold() {
        ByteBuf data = Unpooled.buffer();
        MessagePrefix.write(data, true, 1);
        data.writeByte('z');

        receive(data, 1);

        assertThat(delivered).containsExactly("compressed z");
    }

    @Test
    void noMoreThanTheDemandIsDeliveredAndTheRestIsKept() {
        assertThat(receive(messages("one", "two", "three"), 1)).isEqualTo(1);
        assertThat(delivered).containsExactly("one");
        assertThat(deframer.bufferedBytes()).isEqualTo(8 + 10);
        assertThat(deframer.isMidMessage()).isFalse();

        assertThat(deframer.deliver(1, sink)).isEqualTo(1);
        assertThat(deframer.deliver(5, sink)).isEqualTo(1);
        assertThat(delivered).containsExactly("one", "two", "three");
        assertThat(deframer.deliver(5, sink)).isZero();
        assertThat(memory()).isZero();
    }

    @Test
    void aMessageInSingleBytesIsPutTogether() {
        ByteBuf data = messages("hello");
        while (data.readableBytes() > 1) {
            assertThat(receive(data.readSlice(1), 1)).isZero();
            assertThat(deframer.isMidMessage()).isTrue();
        }
        assertThat(receive(data, 1)).isEqualTo(1);
        assertThat(delivered).containsExactly("hello");
        assertThat(deframer.isMidMessage()).isFalse();
        assertThat(memory()).isZero();
    }

    @Test
    void behindACompletedMessageTheDataIsAgainDeliveredUncopied() {
        ByteBuf data = messages("first", "second", "third");
        receive(data.readSlice(7), 10);

        deframer.receive(data, 10, alloc, (message, compressed) -> {
            sink.message(message, compressed);
            assertThat(message.array() == data.array()).isEqualTo(delivered.size() > 1);
        });

        assertThat(delivered).containsExactly("first", "second", "third");
        assertThat(memory()).isZero();
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
        assertThat(receive(Unpooled.EMPTY_BUFFER, 1)).isZero();
        deframer.receive(Unpooled.EMPTY_BUFFER, 0, alloc, sink);

        assertThat(deframer.bufferedBytes()).isZero();
        assertThat(deframer.isMidMessage()).isFalse();
        assertThat(memory()).isZero();
    }

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
        assertThat(memory()).isZero();
    }

    @Test
    void aLengthIsUnsigned() {
        ByteBuf prefix = Unpooled.buffer().writeByte(0).writeInt(-1);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> receive(prefix, 1))
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
        assertThat(memory()).isZero();
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
        assertThat(memory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 0x80, 0xff})
    void aFlagThatIsNeitherZeroNorOneIsAnInternalError(int flag) {
        ByteBuf data = Unpooled.buffer().writeByte(flag).writeInt(0);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> receive(data, 1))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(StatusCode.INTERNAL))
                .withMessageContaining("0x" + Integer.toHexString(flag));
    }

    @Test
    void afterAFaultEverythingReceivedIsTakenAndWhatComesIsDropped() {
        ByteBuf data = messages("fine").writeByte(9).writeInt(0).writeByte(1);
        assertThatExceptionOfType(StatusException.class).isThrownBy(() -> receive(data, 5));

        assertThat(deframer.drainTakenBytes(1)).isEqualTo(9 + 6);
        assertThat(receive(messages("late"), 1)).isZero();
        assertThat(deframer.drainTakenBytes(0)).isEqualTo(9);
        assertThat(delivered).containsExactly("fine");
        assertThat(memory()).isZero();
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
        assertThat(memory()).isZero();
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

        receive(start, 1);
        assertThat(memory()).isEqualTo(1024);

        int received = MessagePrefix.LENGTH;
        while (received < 100_000) {
            receive(Unpooled.wrappedBuffer(new byte[1000]), 1);
            received += 1000;
            assertThat(memory()).isLessThanOrEqualTo(Math.max(1024, 2L * received));
        }
    }

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
                    data.readSlice(Math.min(7_777, data.readableBytes())), 1, alloc, (message, compressed) -> {
                        assertThat(message.nioBufferCount()).isGreaterThan(1);
                        whole.add(ByteBufUtil.getBytes(message));
                    });
        }

        assertThat(whole).containsExactly(large);
        assertThat(memory()).isZero();
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
            deframer.receive(data.readSlice(Math.min(10_000, data.readableBytes())), 0, alloc, holder);
            if (data.readerIndex() == 100_000) {
                deframer.deliver(1, holder);
            }
        }
        deframer.deliver(2, holder);

        assertThat(held).hasSize(3);
        for (int value = 1; value <= 3; value++) {
            byte[] expected = new byte[70_000];
            Arrays.fill(expected, (byte) value);
            assertThat(ByteBufUtil.getBytes(held.get(value - 1))).isEqualTo(expected);
            held.get(value - 1).release();
        }
        assertThat(memory()).isZero();
    }

    @Test
    void aMessageThatLacksLittleGetsNoMoreThanItNeeds() {
        ByteBuf data = messages("a message of thirty-two bytes...");

        receive(data.readSlice(10), 1);

        assertThat(memory()).isEqualTo(MessagePrefix.LENGTH + 32);
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
                reallocations += memory() == before ? 0 : 1;
                before = memory();
            }
            assertThat(reallocations).isLessThan(10);
            slow.close();
        }
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
        assertThat(memory()).isZero();
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
        assertThat(memory()).isZero();
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

    // Flow control

    @Test
    void theBytesOfADeliveredMessageAreTakenOnceWithTheirPrefix() {
        receive(messages("hello"), 1);

        assertThat(deframer.drainTakenBytes(0)).isEqualTo(10);
        assertThat(deframer.drainTakenBytes(0)).isZero();
    }

    @Test
    void withoutDemandNothingIsTaken() {
        receive(messages("hello").writeByte(0), 0);

        assertThat(deframer.drainTakenBytes(0)).isZero();
    }

    @Test
    void anIncompleteMessageIsTakenAsItComesWhileThereIsDemand() {
        ByteBuf data = messages("hello");

        receive(data.readSlice(3), 1);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(3);
        receive(data.readSlice(4), 1);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(4);
        receive(data, 1);
        assertThat(deframer.drainTakenBytes(0)).isEqualTo(3);
    }

    @Test
    void anIncompleteMessageBehindAWholeOneIsNotTaken() {
        deframer.receive(messages("whole").writeByte(0).writeByte(0), 0, alloc, sink);
        assertThat(deframer.drainTakenBytes(1)).isZero();

        deframer.deliver(1, sink);
        assertThat(deframer.drainTakenBytes(0)).isEqualTo(10);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(2);
    }

    @Test
    void closingTakesWhatIsLeftOnce() {
        ByteBuf data = messages("hello", "again");
        receive(data.readSlice(13), 2);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(13);
        receive(data.readSlice(4), 0);

        deframer.close();
        deframer.close();

        assertThat(deframer.drainTakenBytes(1)).isEqualTo(4);
        assertThat(deframer.drainTakenBytes(1)).isZero();
    }

    // What is left

    @Test
    void wholeMessagesThatWaitAreNoTruncation() {
        deframer.receive(messages("one", "", "two"), 0, alloc, sink);
        assertThat(deframer.isMidMessage()).isFalse();

        deframer.receive(Unpooled.wrappedBuffer(new byte[] {0}), 0, alloc, sink);
        assertThat(deframer.isMidMessage()).isTrue();

        deframer.receive(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 1}), 0, alloc, sink);
        assertThat(deframer.isMidMessage()).isTrue();

        deframer.receive(Unpooled.wrappedBuffer(new byte[] {7}), 0, alloc, sink);
        assertThat(deframer.isMidMessage()).isFalse();
    }

    private int receive(ByteBuf data, int demand) {
        return deframer.receive(data, demand, alloc, sink);
    }

    private long memory() {
        return alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
    }

    private static ByteBuf messages(String... texts) {
        ByteBuf data = Unpooled.buffer();
        for (String text : texts) {
            MessagePrefix.write(data, false, text.length());
            data.writeCharSequence(text, StandardCharsets.US_ASCII);
        }
        return data;
    }

    private static String text(ByteBuf message, boolean compressed) {
        return (compressed ? "compressed " : "") + message.toString(StandardCharsets.US_ASCII);
    }
}
