// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryValuesTest {

    private static final MetadataKey<byte[]> KEY = MetadataKey.binary("x-bin");

    private final Metadata.Builder into = Metadata.builder();

    @Test
    void valuesAreWrittenWithoutPadding() {
        assertThat(BinaryValues.encode(new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab}))
                .isEqualTo("q6ur");
        assertThat(BinaryValues.encode(new byte[] {1})).isEqualTo("AQ");
        assertThat(BinaryValues.encode(new byte[] {1, 2})).isEqualTo("AQI");
        assertThat(BinaryValues.encode(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQ", "AQ==", " AQ ", "\tAQ==\t"})
    void valuesAreReadWithAndWithoutPadding(String value) {
        assertThat(BinaryValues.decode("x-bin", value, into)).isTrue();
        assertThat(values()).containsExactly(new byte[] {1});
    }

    @Test
    void joinedValuesAreSplitInOrder() {
        assertThat(BinaryValues.decode("x-bin", new AsciiString("AQ==,AgM, BAUG ,,AQ"), into))
                .isTrue();
        assertThat(values())
                .containsExactly(new byte[] {1}, new byte[] {2, 3}, new byte[] {4, 5, 6}, new byte[0], new byte[] {1});
    }

    @Test
    void anEmptyFieldIsOneValueOfNoBytes() {
        assertThat(BinaryValues.decode("x-bin", "", into)).isTrue();
        assertThat(values()).containsExactly(new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"A", "AQ=", "A===", "=", "A Q=", "AQ-_", "AQ==AQ==", "AQ,!", "!,AQ", "A\u00fc==", "\u4141AAA"})
    void aMalformedValueAddsNothingOfItsField(String value) {
        into.addBinary("x-bin", new byte[] {9});

        assertThat(BinaryValues.decode("x-bin", value, into)).isFalse();
        assertThat(values()).containsExactly(new byte[] {9});
    }

    @Test
    void everyValueComesBack() {
        Random random = new Random(4);
        for (int length = 0; length < 300; length++) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            Metadata.Builder fresh = Metadata.builder();
            assertThat(BinaryValues.decode("x-bin", BinaryValues.encode(value), fresh))
                    .isTrue();
            assertThat(fresh.build().get(KEY)).isEqualTo(value);
        }
    }

    private List<byte[]> values() {
        return into.build().getAll(KEY);
    }
}
