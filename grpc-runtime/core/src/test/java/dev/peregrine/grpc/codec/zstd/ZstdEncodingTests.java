// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.Packing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** zstd as an encoding among others. */
class ZstdEncodingTests {

    private static final ZstdEncoding ZSTD = ZstdEncoding.DEFAULT;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, 100_000, 3_000_000})
    void whatWasCompressedUnpacksToTheSame(int length) throws IOException {
        for (byte[] message : new byte[][] {Packing.text(length), Packing.noise(length), new byte[length]}) {
            assertThat(Packing.decompress(ZSTD, Packing.compress(ZSTD, message)))
                    .isEqualTo(message);
        }
    }

    @Test
    void aBombStopsAtTheLimit() {
        byte[] bomb = Zstd.compress(new byte[16 << 20]);

        assertThatThrownBy(() -> Packing.decompress(ZSTD, 1_000, bomb))
                .hasMessage("the message is larger than its sink");
    }

    @Test
    void whatIsCutShortIsMissed() {
        byte[] whole = Zstd.compress(Packing.text(10_000));
        for (int length : new int[] {1, 4, 8, whole.length / 2, whole.length - 1}) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Packing.decompress(ZSTD, cut))
                    .as("the first %s of %s bytes", length, whole.length)
                    .isInstanceOf(IOException.class);
        }
    }

    /** An empty message has a frame too. */
    @Test
    void nothingIsNoFrame() throws IOException {
        assertThatThrownBy(() -> Packing.decompress(ZSTD, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no frame");
        assertThat(Packing.decompress(ZSTD, Packing.compress(ZSTD, new byte[0])))
                .isEmpty();
    }

    @Test
    void whatIsNoFrameIsRefused() {
        assertThatThrownBy(() -> Packing.decompress(ZSTD, Packing.noise(100))).isInstanceOf(IOException.class);
    }

    @Test
    void aHeaderThatAsksForTooMuchMemoryIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(bytes)) {
            out.setLong(27);
            out.write(Packing.text(1_000));
        }

        assertThatThrownBy(() -> Packing.decompress(ZSTD, bytes.toByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20})
    void levelsAreOneToNineteen(int level) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZstdEncoding.ofLevel(level))
                .withMessage("zstd level: " + level + " (expected: 1 to 19)");
    }

    @Test
    void itIsThereOnlyForThoseWhoAddIt() {
        assertThat(MessageEncodings.DEFAULT.find("zstd")).isNull();
        assertThat(MessageEncodings.DEFAULT.with(ZSTD).find("zstd")).isSameAs(ZSTD);
    }
}
