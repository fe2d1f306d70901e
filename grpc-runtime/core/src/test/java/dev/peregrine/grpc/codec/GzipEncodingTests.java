// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static dev.peregrine.grpc.codec.Packing.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** gzip as RFC 1952 has it, lawful or not. */
class GzipEncodingTests {

    private static final GzipEncoding GZIP = GzipEncoding.DEFAULT;
    private static final byte[] HELLO = "hello, hello, hello".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 511, 512, 513, 5_000, 100_000, 3_000_000})
    void whatWasCompressedUnpacksToTheSame(int length) throws IOException {
        for (byte[] message : new byte[][] {Packing.text(length), Packing.noise(length), new byte[length]}) {
            assertThat(Packing.decompress(GZIP, Packing.compress(GZIP, message)))
                    .isEqualTo(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000, 100_000})
    void othersReadWhatWeWriteAndWeReadWhatTheyWrite(int length) throws IOException {
        byte[] message = Packing.text(length);

        assertThat(new GZIPInputStream(new ByteArrayInputStream(Packing.compress(GZIP, message))).readAllBytes())
                .isEqualTo(message);
        assertThat(Packing.decompress(GZIP, gzip(message))).isEqualTo(message);
    }

    /** An empty message has a member too. */
    @Test
    void nothingIsNoMember() {
        assertThatThrownBy(() -> Packing.decompress(GZIP, new byte[0])).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectBufferIsAsGoodAsOneOnTheHeapAndIsLeftAlone() throws IOException {
        byte[] compressed = gzip(HELLO);
        ByteBuffer direct = ByteBuffer.allocateDirect(compressed.length + 7);
        direct.position(7).put(compressed).position(7);
        MessageSink sink = new MessageSink(100, 0);

        GZIP.decompress(direct, sink);

        assertThat(sink.bytes().toString(StandardCharsets.UTF_8)).isEqualTo("hello, hello, hello");
        assertThat(direct.position()).isEqualTo(7);
        sink.bytes().release();
    }

    @Test
    void allMembersOfAFileAreTheMessage() throws IOException {
        byte[] three = concat(gzip(HELLO), gzip(), gzip(HELLO));

        assertThat(Packing.decompress(GZIP, three)).isEqualTo(concat(HELLO, HELLO));
    }

    @Test
    void optionalFieldsOfTheHeaderAreSkipped() throws IOException {
        byte[] plain = gzip(HELLO);
        byte[] fields = concat(
                new byte[] {3, 0, 'x', 'y', 'z'}, "name\0".getBytes(StandardCharsets.US_ASCII), new byte[] {'c', 0});
        byte[] start = Arrays.copyOf(plain, 10);
        start[3] = 4 | 8 | 16 | 2;
        byte[] header = concat(start, fields);
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] checksum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);

        assertThat(Packing.decompress(GZIP, concat(header, checksum, rest))).isEqualTo(HELLO);

        checksum[0]++;
        assertThatThrownBy(() -> Packing.decompress(GZIP, concat(header, checksum, rest)))
                .isInstanceOf(IOException.class)
                .hasMessage("the header's checksum is wrong");
    }

    @Test
    void whateverIsCutOffTheMessageIsMissed() {
        byte[] whole = concat(gzip(HELLO), gzip(Packing.text(300)));
        int secondMember = gzip(HELLO).length;
        for (int length = 0; length < whole.length; length++) {
            if (length == secondMember) {
                continue; // A message of its own.
            }
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Packing.decompress(GZIP, cut))
                    .as("the first %s of %s bytes", length, whole.length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut short");
        }
    }

    static Arguments[] corruptions() {
        return new Arguments[] {
            arguments("it does not begin with the mark of gzip", change(bytes -> set(bytes, 0, 0x1e))),
            arguments("it does not begin with the mark of gzip", change(bytes -> set(bytes, 1, 0))),
            arguments("compression method 7 is not deflate", change(bytes -> set(bytes, 2, 7))),
            arguments("reserved flags are set", change(bytes -> set(bytes, 3, 0x20))),
            arguments("invalid block type", change(bytes -> set(bytes, 10, 7))),
            arguments(
                    "the checksum is wrong",
                    change(bytes -> set(bytes, bytes.length - 8, bytes[bytes.length - 8] + 1))),
            arguments("the size in its trailer is wrong", change(bytes -> set(bytes, bytes.length - 4, 99))),
            arguments("cut short in its header", change(bytes -> concat(bytes, new byte[] {0}))),
            arguments("it does not begin with the mark of gzip", change(bytes -> concat(bytes, new byte[10]))),
        };
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void whatIsWrongIsSaid(String complaint, UnaryOperator<byte[]> corruption) {
        byte[] corrupt = corruption.apply(gzip(HELLO));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Packing.decompress(GZIP, corrupt))
                .withMessage(complaint);
    }

    @Test
    void aCorruptMessageDoesNotSpoilTheNext() throws IOException {
        for (int i = 0; i < 50; i++) {
            byte[] corrupt = set(gzip(Packing.text(1_000)), 200, 0);
            assertThatThrownBy(() -> Packing.decompress(GZIP, corrupt)).isInstanceOf(IOException.class);
            assertThat(Packing.decompress(GZIP, gzip(HELLO))).isEqualTo(HELLO);
        }
    }

    @Test
    void aBombStopsAtTheLimitAndDoesNotSpoilTheNext() throws IOException {
        byte[] bomb = gzip(new byte[16 << 20]);

        assertThatThrownBy(() -> Packing.decompress(GZIP, 1_000, bomb)).isSameAs(SinkFullException.INSTANCE);
        assertThat(Packing.decompress(GZIP, gzip(HELLO))).isEqualTo(HELLO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 1024, 70_000})
    void aMessageMayBeExactlyAsLargeAsTheLimit(int limit) throws IOException {
        assertThat(Packing.decompress(GZIP, limit, gzip(new byte[limit]))).hasSize(limit);
        assertThatThrownBy(() -> Packing.decompress(GZIP, limit, gzip(new byte[limit + 1])))
                .isSameAs(SinkFullException.INSTANCE);
    }

    @Test
    void theLevelMatters() throws IOException {
        byte[] message = Packing.text(100_000);
        byte[] fast = Packing.compress(GzipEncoding.ofLevel(1), message);
        byte[] small = Packing.compress(GzipEncoding.ofLevel(9), message);

        assertThat(small.length).isLessThan(fast.length);
        assertThat(Packing.decompress(GZIP, fast)).isEqualTo(Packing.decompress(GZIP, small));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 10})
    void levelsAreOneToNine(int level) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GzipEncoding.ofLevel(level))
                .withMessage("gzip level: " + level + " (expected: 1 to 9)");
    }

    private static UnaryOperator<byte[]> change(UnaryOperator<byte[]> change) {
        return change;
    }

    private static byte[] set(byte[] bytes, int index, int value) {
        bytes[index] = (byte) value;
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                        Arrays.stream(parts).mapToInt(part -> part.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
