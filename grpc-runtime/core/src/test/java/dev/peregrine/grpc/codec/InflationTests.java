// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static dev.peregrine.grpc.codec.Packing.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The bounds on what a peer makes us unpack. */
class InflationTests {

    private static final int MAX = 1 << 20;

    private final Inflation inflation = inflation(GzipEncoding.DEFAULT, 100);

    private static Inflation inflation(MessageEncoding encoding, int ratio) {
        return new Inflation(encoding, MAX, ratio);
    }

    /** How much these bytes unpack to. */
    private int unpack(byte... compressed) {
        ByteBuf message = inflation.unpack(Unpooled.wrappedBuffer(compressed));
        int size = message.readableBytes();
        message.release();
        return size;
    }

    private static StatusException failure(ThrowingCallable unpacking) {
        return (StatusException) Assertions.catchThrowableOfType(StatusException.class, unpacking);
    }

    @Test
    void aMessageMayUnpackToTheLimitHoweverSmallItIs() {
        assertThat(unpack(gzip(new byte[MAX]))).isEqualTo(MAX);
    }

    @Test
    void aMessageThatUnpacksToMoreThanTheLimitIsResourceExhausted() {
        byte[] compressed = gzip(new byte[MAX + 1]);

        StatusException failure = failure(() -> unpack(compressed));

        assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failure.status().description())
                .isEqualTo("a message of " + compressed.length + " bytes unpacks to more than the allowed 1048576;"
                        + " raise the receiver's limit for inbound messages, or send less at once");
    }

    @Test
    void smallBombsOneAfterTheOtherAreResourceExhausted() {
        byte[] bomb = gzip(new byte[MAX / 4]);
        for (int i = 0; i < 4; i++) {
            unpack(bomb);
        }

        StatusException failure = failure(() -> unpack(bomb));

        assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failure.status().description())
                .isEqualTo("the messages of the call unpack to more than the allowed 100 times what was received;"
                        + " raise the receiver's maxCompressionRatio, or do not compress them");
    }

    @Test
    void aStreamOfOrdinaryMessagesGoesOnForever() {
        byte[] message = gzip(Packing.text(MAX / 4));
        for (int i = 0; i < 40; i++) {
            assertThat(unpack(message)).isEqualTo(MAX / 4);
        }
    }

    @Test
    void whatWasSentInHonestyCountsForALittleEmptinessLater() {
        inflation.unpack(Unpooled.wrappedBuffer(gzip(Packing.noise(50_000)))).release();
        byte[] bomb = gzip(new byte[MAX / 4]);

        for (int i = 0; i < 12; i++) { // 5 MB for the 50 kB that came.
            unpack(bomb);
        }
    }

    @Test
    void corruptBytesAreInternal() {
        StatusException failure = failure(() -> unpack((byte) 1, (byte) 2, (byte) 3));

        assertThat(failure.status().code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failure.status().description())
                .isEqualTo("a message of 3 bytes cannot be unpacked by gzip: cut short in its header");
    }

    @Test
    void anEncodingThatStumblesIsInternalToo() {
        MessageEncoding careless = new MessageEncoding() {
            @Override
            public String name() {
                return "careless";
            }

            @Override
            public void compress(ByteBuffer message, MessageSink out) {}

            @Override
            public void decompress(ByteBuffer compressed, MessageSink out) throws IOException {
                throw new IndexOutOfBoundsException("of no interest to the peer");
            }
        };

        StatusException failure = failure(() -> inflation(careless, 1).unpack(Unpooled.wrappedBuffer(new byte[2])));

        assertThat(failure.status().code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failure.status().description()).isEqualTo("a message of 2 bytes cannot be unpacked by careless");
    }

    @Test
    void aMessageThatIsTooLargeIsResourceExhaustedWhateverTheEncodingMakesOfIt() {
        byte[] compressed = gzip(new byte[MAX + 1]);
        for (Overfull reaction : Overfull.values()) {
            StatusException failure =
                    failure(() -> inflation(new Stubborn(reaction), 100).unpack(Unpooled.wrappedBuffer(compressed)));

            assertThat(failure.status().code()).as(reaction.name()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        }
    }

    /** What an encoding may make of a sink that takes no more. */
    private enum Overfull {
        PASSES_ON,
        IGNORES,
        COMPLAINS_ABOUT
    }

    private record Stubborn(Overfull reaction) implements MessageEncoding {

        @Override
        public String name() {
            return "stubborn";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) throws IOException {
            decompress(message, out);
        }

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) throws IOException {
            try {
                out.write(new byte[MAX + 1], 0, MAX + 1);
            } catch (RuntimeException full) {
                if (reaction == Overfull.PASSES_ON) {
                    throw full;
                }
                if (reaction == Overfull.COMPLAINS_ABOUT) {
                    throw new IOException(full);
                }
            }
        }
    }

    @Test
    void aMessageThatDoesNotBecomeSmallerGoesOutAsItIsWhateverTheEncodingMakesOfIt() {
        for (Overfull reaction : Overfull.values()) {
            assertThat(Deflation.compress(new Stubborn(reaction), 1000, out -> out.writeZero(1000)))
                    .as(reaction.name())
                    .isEmpty();
        }
    }

    @Test
    void smallMessagesAreUnpackedInPlaceLargeOnesAreNot() {
        ByteBuf small = inflation.unpackIfSmall(Unpooled.wrappedBuffer(gzip(new byte[16 << 10])));
        assertThat(small).isNotNull();
        small.release();

        assertThat(inflation.unpackIfSmall(Unpooled.wrappedBuffer(gzip(new byte[(16 << 10) + 1]))))
                .isNull();
        assertThat(inflation.unpackIfSmall(Unpooled.wrappedBuffer(gzip(Packing.noise(17 << 10)))))
                .isNull();
    }

    @Test
    void whatIsTooLargeIsFoundInPlaceIfTheLimitIsSmall() {
        Inflation strict = new Inflation(GzipEncoding.DEFAULT, 100, 100);

        StatusException failure = failure(() -> strict.unpackIfSmall(Unpooled.wrappedBuffer(gzip(new byte[101]))));

        assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    }
}
