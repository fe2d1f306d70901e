// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2EventAdapter;
import org.junit.jupiter.api.Test;

/** What is kept of the bytes that have come. */
class FrameInputTests {

    /** A frame of an unknown type, which everybody ignores (RFC 9113 §5.5). */
    private static final int IGNORED_PAYLOAD = 16_000;

    @Test
    void aPeerWhoseWritesNeverEndWhereAFrameDoesMakesNothingPileUp() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        ChannelHandlerContext ctx = channel.pipeline().firstContext();
        FrameInput input = new FrameInput(HeaderDecoder.create(true, 8192), new Preface(true), new Http2EventAdapter());
        ByteBuf stream = channel.alloc().buffer();
        stream.writeBytes(Preface.CLIENT);
        for (int i = 0; i < 64; i++) {
            stream.writeMedium(IGNORED_PAYLOAD)
                    .writeByte(0xfa)
                    .writeByte(0)
                    .writeInt(0)
                    .writeZero(IGNORED_PAYLOAD);
        }

        int part = IGNORED_PAYLOAD + 10; // One byte beyond the frame, then two, then three.
        while (stream.readableBytes() > part) {
            input.read(ctx, stream.readBytes(part), error -> {});
            assertThat(input.keptBytes()).isLessThan(2 * part);
        }

        input.close();
        stream.release();
        channel.finishAndReleaseAll();
    }
}
