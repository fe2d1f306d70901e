// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.protobuf.ProtobufMarshaller;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Messages become bytes in memory of one piece and of several. */
class OutboundMessageTest {

    private static final BytesValue PROTOBUF = BytesValue.of(ByteString.copyFromUtf8("0123456789".repeat(1_000)));

    @Test
    void inPiecesAMessageHasTheSameBytesAsInOne() {
        ProtobufMarshaller<BytesValue> marshaller = ProtobufMarshaller.of(BytesValue.getDefaultInstance());
        ByteBuf pieces = pieces(PROTOBUF.getSerializedSize());

        new OutboundMessage<>(marshaller, PROTOBUF).writeTo(pieces);

        assertThat(ByteBufUtil.getBytes(pieces)).isEqualTo(PROTOBUF.toByteArray());
        pieces.release();
    }

    @Test
    void aMarshallerThatKnowsNoStreamsIsWrittenInPiecesToo() {
        String text = "text".repeat(2_000);
        ByteBuf pieces = pieces(text.length());

        new OutboundMessage<>(new Texts(), text).writeTo(pieces);

        assertThat(pieces.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        pieces.release();
    }

    @Test
    void aMessageThatWasCompressedIsWrittenInPiecesToo() {
        byte[] compressed = "squeezed".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        ByteBuf pieces = pieces(compressed.length);

        OutboundMessage.compressed(compressed).writeTo(pieces);

        assertThat(ByteBufUtil.getBytes(pieces)).isEqualTo(compressed);
        pieces.release();
    }

    @Test
    void aMarshallerThatWritesLessThanItAnnouncedIsFoundOut() {
        OutboundMessage<String> message = new OutboundMessage<>(new Boaster(), "much ado");
        for (ByteBuf out : new ByteBuf[] {Unpooled.buffer(), pieces(5_000)}) {
            assertThatThrownBy(() -> message.writeTo(out))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the marshaller of java.lang.String announced 5000 bytes and wrote 8");
            out.release();
        }
    }

    private static ByteBuf pieces(int size) {
        CompositeByteBuf pieces = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        for (int left = size; left > 0; left -= 1_000) {
            int piece = Math.min(left, 1_000);
            pieces.addComponent(Unpooled.directBuffer(piece, piece).writerIndex(piece));
        }
        return pieces;
    }

    /** Announces more than it writes. */
    private static final class Boaster implements Marshaller<String> {

        @Override
        public int size(String message) {
            return 5_000;
        }

        @Override
        public void write(String message, ByteBuffer out) {
            out.put(message.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String read(ByteBuffer in) {
            throw new UnsupportedOperationException("only sent");
        }
    }
}
