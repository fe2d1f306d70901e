// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
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
}
