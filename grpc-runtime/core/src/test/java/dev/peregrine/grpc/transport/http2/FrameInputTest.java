// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of the bytes that have come. */
class FrameInputTest {

    /** A frame of an unknown type, which everybody ignores (RFC 9113 §5.5). */
    private static final int IGNORED_PAYLOAD = 16_000;

    @Test
    void aPeerWhoseWritesNeverEndWhereAFrameDoesMakesNothingPileUp() {
        ByteBufAllocator alloc = UnpooledByteBufAllocator.DEFAULT;
        FrameReader reader = new FrameReader(HeaderDecoder.create(true, 8192), new HeardFrames());
        FrameInput input = new FrameInput(reader, new Preface(true));
        ByteBuf stream = alloc.buffer();
        stream.writeBytes(Preface.CLIENT);
        stream.writeMedium(0).writeByte(4).writeByte(0).writeInt(0); // SETTINGS
        for (int i = 0; i < 64; i++) {
            stream.writeMedium(IGNORED_PAYLOAD)
                    .writeByte(0xfa)
                    .writeByte(0)
                    .writeInt(0)
                    .writeZero(IGNORED_PAYLOAD);
        }

        int part = IGNORED_PAYLOAD + 10; // One byte beyond the frame, then two, then three.
        while (stream.readableBytes() > part) {
            input.read(alloc, stream.readBytes(part));
            assertThat(input.keptBytes()).isLessThan(2 * part);
        }

        input.close();
        stream.release();
    }

    @Test
    void howeverTheBytesAreCutTheSameFramesAreReadAndNothingIsKeptBehindTheLast() {
        List<String> expected = new ArrayList<>(List.of("settings"));
        for (int i = 1; i <= 5; i++) {
            expected.addAll(List.of("data " + i + " 16000+0", "reset " + i + " 8"));
        }
        for (int part : new int[] {1, 2, 8, 9, 10, 1_000, 16_009, 16_010, 40_000}) {
            UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
            HeardFrames heard = new HeardFrames();
            FrameInput input =
                    new FrameInput(new FrameReader(HeaderDecoder.create(true, 8192), heard), new Preface(true));
            ByteBuf stream = UnpooledByteBufAllocator.DEFAULT.buffer();
            stream.writeBytes(Preface.CLIENT);
            stream.writeMedium(0).writeByte(4).writeByte(0).writeInt(0); // SETTINGS
            for (int i = 1; i <= 5; i++) {
                stream.writeMedium(IGNORED_PAYLOAD).writeByte(0).writeByte(0).writeInt(i);
                stream.writeZero(IGNORED_PAYLOAD);
                stream.writeMedium(4).writeByte(3).writeByte(0).writeInt(i).writeInt(8); // RST_STREAM
            }

            while (stream.isReadable()) {
                input.read(alloc, alloc.buffer().writeBytes(stream, Math.min(part, stream.readableBytes())));
            }

            assertThat(heard.events()).as("in parts of " + part).isEqualTo(expected);
            assertThat(input.keptBytes()).isZero();
            assertThat(alloc.metric().usedHeapMemory()).isZero();
            stream.release();
        }
    }
}
