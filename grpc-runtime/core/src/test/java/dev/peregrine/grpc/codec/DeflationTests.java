// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** When a message is worth compressing. */
class DeflationTests {

    private static byte[] compress(byte... message) {
        return Deflation.compress(GzipEncoding.DEFAULT, message.length, out -> out.writeBytes(message));
    }

    @Test
    void whatBecomesSmallerIsCompressed() throws IOException {
        byte[] message = Packing.text(1_000);

        byte[] compressed = compress(message);

        assertThat(compressed.length).isBetween(1, 999);
        assertThat(Packing.decompress(GzipEncoding.DEFAULT, compressed)).isEqualTo(message);
    }

    @Test
    void whatDoesNotIsLeftAlone() {
        assertThat(compress(Packing.noise(1_000))).isEmpty();
    }

    @Test
    void smallMessagesAreNotTried() {
        assertThat(compress(new byte[63])).isEmpty();
        assertThat(compress(new byte[64])).isNotEmpty();
        assertThat(compress()).isEmpty();
    }

    @Test
    void aMessageThatCannotBeWrittenIsLeftForOthersToFind() {
        assertThat(Deflation.compress(GzipEncoding.DEFAULT, 1_000, out -> {
                    throw new IllegalStateException("broken");
                }))
                .isEmpty();
    }

    @Test
    void aMessageGoesOutAsItIsIfTheEncodingFails() {
        MessageEncoding failing = new MessageEncoding() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public void compress(ByteBuffer message, MessageSink out) throws IOException {
                throw new IOException("no");
            }

            @Override
            public void decompress(ByteBuffer compressed, MessageSink out) {}
        };

        assertThat(Deflation.compress(failing, 1_000, out -> out.writeZero(1_000)))
                .isEmpty();
    }
}
