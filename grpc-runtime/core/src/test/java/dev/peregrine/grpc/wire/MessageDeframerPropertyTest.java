// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the pieces, and whenever the demand: the same messages, and every byte taken once. */
class MessageDeframerPropertyTest {

    private record Message(boolean compressed, ByteBuffer bytes) {

        static Message copyOf(ByteBuf bytes, boolean compressed) {
            return new Message(compressed, ByteBuffer.wrap(ByteBufUtil.getBytes(bytes)));
        }

        int size() {
            return MessagePrefix.LENGTH + bytes.remaining();
        }
    }

    private static final int WINDOW = 2_000;

    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void randomPiecesAndRandomDemandGiveTheSameMessagesAndTakeEveryByteOnce(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            List<Message> sent = randomMessages(random);
            new Run(sent, random).play();
            assertThat(alloc.metric().usedHeapMemory()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void aPeerThatKeepsToASmallWindowIsNeverStuckWhileThereIsDemand(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            List<Message> sent = randomMessages(random);
            ByteBuf wire = wire(sent);
            MessageDeframer deframer = new MessageDeframer(100_000);
            List<Message> got = new ArrayList<>();
            MessageDeframer.Sink sink = (message, compressed) -> got.add(Message.copyOf(message, compressed));
            int window = WINDOW;
            while (wire.isReadable()) {
                assertThat(window).isPositive();
                int piece = 1 + random.nextInt(Math.min(window, wire.readableBytes()));
                window -= piece;
                deframer.receive(wire.readSlice(piece), 1, alloc, sink);
                while (deframer.deliver(1, sink) > 0) {}
                window += deframer.drainTakenBytes(1);
            }
            assertThat(got).isEqualTo(sent);
            assertThat(window).isEqualTo(WINDOW);
            assertThat(alloc.metric().usedHeapMemory()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void aDeframerClosedAtAnyMomentTakesAllThatWasReceivedAndKeepsNoMemory(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            ByteBuf wire = wire(randomMessages(random));
            MessageDeframer deframer = new MessageDeframer(100_000);
            int closeAfter = random.nextInt(4);
            int[] seen = {0};
            int received = 0;
            int taken = 0;
            while (wire.isReadable()) {
                int piece = 1 + random.nextInt(wire.readableBytes());
                received += piece;
                deframer.receive(wire.readSlice(piece), random.nextInt(3), alloc, (message, compressed) -> {
                    assertThat(seen[0]).isLessThanOrEqualTo(closeAfter);
                    if (seen[0]++ == closeAfter) {
                        deframer.close();
                    }
                });
                taken += deframer.drainTakenBytes(random.nextInt(2));
            }
            deframer.close();
            taken += deframer.drainTakenBytes(0);
            assertThat(taken).isEqualTo(received);
            assertThat(alloc.metric().usedHeapMemory()).isZero();
        }
    }

    /** One stream, played with random pieces and a demand that comes and goes. */
    private final class Run {

        private final MessageDeframer deframer = new MessageDeframer(100_000);
        private final List<Message> sent;
        private final Random random;
        private final List<Message> got = new ArrayList<>();
        private final MessageDeframer.Sink sink = (message, compressed) -> {
            Message next = Message.copyOf(message, compressed);
            this.got.add(next);
            this.deliveredBytes += next.size();
        };

        private int demand;
        private int received;
        private int deliveredBytes;
        private int taken;

        Run(List<Message> sent, Random random) {
            this.sent = sent;
            this.random = random;
        }

        void play() {
            ByteBuf wire = wire(sent);
            while (wire.isReadable()) {
                step(wire);
                drainAndCheck();
            }
            demand = Integer.MAX_VALUE;
            demand -= deframer.deliver(demand, sink);
            drainAndCheck();
            assertThat(got).isEqualTo(sent);
            assertThat(taken).isEqualTo(received);
            assertThat(deframer.bufferedBytes()).isZero();
        }

        private void step(ByteBuf wire) {
            switch (random.nextInt(3)) {
                case 0 -> demand += random.nextInt(4);
                case 1 -> demand -= deframer.deliver(demand, sink);
                default -> demand -= deframer.receive(piece(wire), demand, alloc, sink);
            }
            assertThat(demand).isNotNegative();
        }

        private ByteBuf piece(ByteBuf wire) {
            int most = random.nextBoolean() ? Math.min(12, wire.readableBytes()) : wire.readableBytes();
            int length = 1 + random.nextInt(most);
            received += length;
            return wire.readSlice(length);
        }

        private void drainAndCheck() {
            int more = deframer.drainTakenBytes(demand);
            assertThat(more).isNotNegative();
            taken += more;
            assertThat(deframer.bufferedBytes()).isEqualTo(received - deliveredBytes);
            assertThat(deframer.isMidMessage()).isEqualTo(!isBoundary(received));
            assertThat(taken).isBetween(deliveredBytes, received);
            if (demand == 0) {
                assertThat(more == 0 || taken == deliveredBytes).isTrue();
            }
        }

        private boolean isBoundary(int position) {
            int boundary = 0;
            for (int i = 0; i < sent.size() && boundary < position; i++) {
                boundary += sent.get(i).size();
            }
            return boundary == position;
        }
    }

    private static List<Message> randomMessages(Random random) {
        List<Message> messages = new ArrayList<>();
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            int bound = switch (random.nextInt(4)) {
                case 0 -> 1;
                case 1 -> 6_000;
                default -> 40;
            };
            byte[] bytes = new byte[random.nextInt(bound)];
            random.nextBytes(bytes);
            messages.add(new Message(random.nextBoolean(), ByteBuffer.wrap(bytes)));
        }
        return messages;
    }

    private static ByteBuf wire(List<Message> messages) {
        ByteBuf wire = Unpooled.buffer();
        for (Message message : messages) {
            MessagePrefix.write(wire, message.compressed(), message.bytes().remaining());
            wire.writeBytes(message.bytes().duplicate());
        }
        return wire;
    }
}
