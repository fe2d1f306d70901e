// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.Fuzz;
import dev.peregrine.grpc.fuzz.Tally;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Bytes that are no messages, or not only: where {@link MessageDeframerPropertyTests} has lawful ones. What is thrown is
 * a status, every byte is taken once, and no memory is kept beyond what was received.
 */
class MessageDeframerFuzzTest {

    private static final int MAX_MESSAGE = 500;

    private final Tally tally = new Tally();
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);

    @Test
    void whateverComesIsDeliveredOrRefusedWithAStatus() {
        int played = Fuzz.repeat(20_000, this::play);
        tally.expect("message", played, 1)
                .expect("RESOURCE_EXHAUSTED", played, 40)
                .expect("INTERNAL", played, 40)
                .expect("closed by the application", played, 40)
                .expect("all was well", played, 4);
    }

    private void play(Chance chance) {
        MessageDeframer deframer = new MessageDeframer(MAX_MESSAGE);
        int[] demand = {0};
        MessageDeframer.Sink sink = (message, compressed) -> {
            assertThat(message.readableBytes()).isLessThanOrEqualTo(MAX_MESSAGE);
            assertThat(--demand[0]).as("messages nobody asked for").isNotNegative();
            tally.count("message");
            if (chance.oneIn(40)) {
                deframer.close();
                tally.count("closed by the application");
            }
        };
        byte[] bytes = bytes(chance);
        int received = 0;
        int taken = 0;
        try {
            while (received < bytes.length) {
                int end = chance.between(received, Math.min(bytes.length, received + 200));
                byte[] piece = Arrays.copyOfRange(bytes, received, end);
                received = end;
                demand[0] += chance.below(3);
                if (chance.oneIn(3)) {
                    deframer.receive(Unpooled.wrappedBuffer(piece), 0, alloc, sink);
                    deframer.deliver(demand[0], sink);
                } else {
                    deframer.receive(Unpooled.wrappedBuffer(piece), demand[0], alloc, sink);
                }
                taken += deframer.drainTakenBytes(demand[0]);
                assertThat(taken).isBetween(0, received);
                deframer.isMidMessage();
                assertThat(alloc.metric().usedHeapMemory()).isLessThanOrEqualTo(2L * received + 1024);
            }
            tally.count("all was well");
        } catch (StatusException lawless) {
            assertThat(lawless.status().code()).isIn(StatusCode.RESOURCE_EXHAUSTED, StatusCode.INTERNAL);
            tally.count(lawless.status().code().name());
        }
        deframer.close();
        taken += deframer.drainTakenBytes(chance.below(2));
        assertThat(taken).as("bytes taken").isEqualTo(received);
        assertThat(alloc.metric().usedHeapMemory()).as("bytes kept").isZero();
    }

    /** Messages, of which one may be damaged, too large, or cut off. */
    private static byte[] bytes(Chance chance) {
        byte[] all = new byte[0];
        for (int n = 1 + chance.below(6); n > 0; n--) {
            byte[] message =
                    FrameBytes.message(chance.bytes(chance.size(chance.oneIn(20) ? MAX_MESSAGE + 3 : MAX_MESSAGE)));
            if (chance.oneIn(12)) {
                message[chance.below(message.length)] ^= (byte) (1 << chance.below(8));
            }
            int kept = chance.oneIn(12) ? chance.below(message.length + 1) : message.length;
            byte[] longer = Arrays.copyOf(all, all.length + kept);
            System.arraycopy(message, 0, longer, all.length, kept);
            all = longer;
        }
        return all;
    }
}
