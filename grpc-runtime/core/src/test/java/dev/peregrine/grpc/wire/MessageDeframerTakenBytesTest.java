// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static dev.peregrine.grpc.wire.Deframing.messages;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which bytes count as taken, so that windows may be opened for them. */
class MessageDeframerTakenBytesTest {

    @RegisterExtension
    final Deframing deframing = new Deframing();

    private final UnpooledByteBufAllocator alloc = deframing.alloc;
    private final MessageDeframer deframer = deframing.deframer;
    private final MessageDeframer.Sink sink = deframing.sink;

    // Flow control

    @Test
    void theBytesOfADeliveredMessageAreTakenOnceWithTheirPrefix() {
        deframing.receive(messages("hello"), 1);

        assertThat(deframer.drainTakenBytes(0)).isEqualTo(10);
        assertThat(deframer.drainTakenBytes(0)).isZero();
    }

    @Test
    void withoutDemandNothingIsTaken() {
        deframing.receive(messages("hello").writeByte(0), 0);

        assertThat(deframer.drainTakenBytes(0)).isZero();
    }

    @Test
    void anIncompleteMessageIsTakenAsItComesWhileThereIsDemand() {
        ByteBuf data = messages("hello");

        deframing.receive(data.readSlice(3), 1);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(3);
        deframing.receive(data.readSlice(4), 1);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(4);
        deframing.receive(data, 1);
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
        deframing.receive(data.readSlice(13), 2);
        assertThat(deframer.drainTakenBytes(1)).isEqualTo(13);
        deframing.receive(data.readSlice(4), 0);

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
}
