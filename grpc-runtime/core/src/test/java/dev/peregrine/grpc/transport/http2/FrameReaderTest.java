// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.testkit.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept between reads, and what is refused before it has come. What frames mean is told in {@code rfc9113}. */
class FrameReaderTest {

    private static final int LIMIT = 1_000;

    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    private final HeardFrames heard = new HeardFrames();
    private final FrameReader reader = new FrameReader(HeaderDecoder.create(true, LIMIT), heard);

    @AfterEach
    void nothingIsKeptBehindTheEnd() {
        reader.close();
        assertThat(memory()).isZero();
    }

    @Test
    void aFrameIsReadWhenItIsComplete() {
        begin();
        ByteBuf ping = frame(6, 0, 0, "00 00 00 00 00 00 00 09");

        for (int i = 0; i < ping.readableBytes(); i++) {
            assertThat(reader.read(ping.slice(0, i), alloc)).isFalse();
        }
        assertThat(reader.read(ping, alloc)).isTrue();

        assertThat(ping.isReadable()).isFalse();
        assertThat(heard.events()).containsExactly("settings", "ping 9");
    }

    @Test
    void whatCannotBeLawfulIsRefusedByItsFirstOctets() {
        begin();
        ByteBuf header = frame(0, 0, 1, "").setMedium(0, 16_385);

        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(() -> reader.read(header, alloc))
                .withMessage("a frame of 16385 octets came; at most 16384 are allowed");
    }

    @Test
    void settingsAreToldInTheirOrder() {
        ByteBuf settings = frame(4, 0, 0, "00 01 00 00 00 00 00 01 00 00 10 00 00 04 ff ff ff ff");

        reader.read(settings, alloc);

        assertThat(heard.events()).containsExactly("setting 1=0", "setting 1=4096", "setting 4=4294967295", "settings");
    }

    @Test
    void aBlockInOnePieceIsReadWhereItLies() {
        begin();

        reader.read(frame(1, 0x5, 1, "83 86 84"), alloc);

        assertThat(heard.events()).containsExactly("settings", "headers 1 end");
        assertThat(memory()).isZero();
    }

    @Test
    void aBlockInPiecesIsKeptUntilItEndsAndNoLonger() {
        begin();

        reader.read(frame(1, 0x1, 1, "83"), alloc);
        reader.read(frame(9, 0, 1, "86"), alloc);
        assertThat(heard.events()).containsExactly("settings");
        assertThat(memory()).isPositive();
        reader.read(frame(9, 0x4, 1, "84"), alloc);

        assertThat(heard.events()).containsExactly("settings", "headers 1 end");
        assertThat(memory()).isZero();
    }

    /** Four times the limit of metadata, however many pieces it comes in. */
    @Test
    void whatIsKeptOfABlockIsBounded() {
        begin();
        reader.read(block(1, 0, 1_000), alloc);
        for (int i = 0; i < 3; i++) {
            reader.read(block(9, 0, 1_000), alloc);
        }
        assertThat(memory()).isLessThanOrEqualTo(2 * 4 * LIMIT);

        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(() -> reader.read(block(9, 0, 1), alloc))
                .withMessage("a field block has more than the 4000 octets we would decode");
    }

    @Test
    void aBlockInOnePieceIsBoundedTheSameWay() {
        begin();

        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(() -> reader.read(block(1, 0x4, 4_001), alloc))
                .withMessage("a field block has more than the 4000 octets we would decode");
    }

    @Test
    void aBlockThatUnpacksToMuchIsTold() {
        begin();

        reader.read(frame(1, 0x4, 1, "83 86 84 " + "81 ".repeat(50).strip()), alloc);

        assertThat(heard.events()).containsExactly("settings", "headers too large 1");
    }

    private void begin() {
        reader.read(frame(4, 0, 0, ""), alloc);
    }

    private static ByteBuf block(int type, int flags, int octets) {
        return header(type, flags, 1, octets).writeZero(octets);
    }

    private static ByteBuf frame(int type, int flags, int streamId, String hex) {
        byte[] payload = hex.isEmpty() ? new byte[0] : Octets.hex(hex).toArray();
        return header(type, flags, streamId, payload.length).writeBytes(payload);
    }

    private static ByteBuf header(int type, int flags, int streamId, int length) {
        return Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(streamId);
    }

    private long memory() {
        return alloc.metric().usedHeapMemory();
    }
}
