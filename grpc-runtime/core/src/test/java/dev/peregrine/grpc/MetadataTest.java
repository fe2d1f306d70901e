// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {

    private static final MetadataKey<String> A = MetadataKey.ascii("a");
    private static final MetadataKey<String> B = MetadataKey.ascii("b");
    private static final MetadataKey<byte[]> BIN = MetadataKey.binary("x-bin");
    private static final MetadataKey<Integer> NUMBER =
            MetadataKey.ascii("number", Integer::valueOf, value -> Integer.toString(value));

    // ---- entries ----

    @Test
    void valuesOfANameKeepTheirOrderAndTheLastOneSpeaks() {
        Metadata metadata =
                Metadata.builder().add(A, "1").add(B, "x").add(A, "2").build();

        assertThat(metadata.getAll(A)).containsExactly("1", "2");
        assertThat(metadata.get(A)).isEqualTo("2");
        assertThat(metadata.size()).isEqualTo(3);
        assertThat(metadata.names()).containsExactly("a", "b");
    }

    @Test
    void whatIsNotThereIsNullOrEmpty() {
        assertThat(Metadata.EMPTY.get(A)).isNull();
        assertThat(Metadata.EMPTY.getAll(A)).isEmpty();
        assertThat(Metadata.EMPTY.contains(A)).isFalse();
        assertThat(Metadata.EMPTY.isEmpty()).isTrue();
        assertThat(Metadata.builder().build()).isSameAs(Metadata.EMPTY);
    }

    @Test
    void setReplacesEveryValueAndRemoveTakesThemAway() {
        Metadata twice = Metadata.builder().add(A, "1").add(B, "x").add(A, "2").build();

        assertThat(twice.toBuilder().set(A, "3").build().getAll(A)).containsExactly("3");
        assertThat(twice.toBuilder().remove(A).build().names()).containsExactly("b");
        assertThat(twice.getAll(A)).as("the original").containsExactly("1", "2");
    }

    @Test
    void aBuilderDoesNotReachWhatItHasBuilt() {
        Metadata.Builder builder = Metadata.builder().add(A, "1");
        Metadata built = builder.build();
        builder.add(A, "2").set(B, "x");

        assertThat(built.size()).isEqualTo(1);
    }

    @Test
    void plusPutsTheOthersBehind() {
        Metadata first = Metadata.of(A, "1");
        Metadata second = Metadata.of(A, "2");

        assertThat(first.plus(second).getAll(A)).containsExactly("1", "2");
        assertThat(first.plus(Metadata.EMPTY)).isSameAs(first);
        assertThat(Metadata.EMPTY.plus(first)).isSameAs(first);
    }

    @Test
    void manyEntriesFit() {
        Metadata.Builder builder = Metadata.builder();
        for (int i = 0; i < 100; i++) {
            builder.add(NUMBER, i);
        }

        assertThat(builder.build().plus(builder.build()).getAll(NUMBER))
                .hasSize(200)
                .startsWith(0, 1)
                .endsWith(99);
    }

    @Test
    void valuesHaveTypes() {
        byte[] bytes = {1, 2};
        Metadata metadata = Metadata.builder().add(NUMBER, 7).add(BIN, bytes).build();

        assertThat(metadata.get(NUMBER)).isEqualTo(7);
        assertThat(metadata.get(BIN)).isSameAs(bytes);
        assertThat(metadata.get(MetadataKey.ascii("number"))).isEqualTo("7");
    }

    @Test
    void aVisitorSeesEveryEntryInOrder() {
        List<String> seen = new ArrayList<>();
        Metadata.builder().add(A, "1").add(BIN, new byte[3]).add(A, "2").build().forEach(new Metadata.Visitor() {
            @Override
            public void text(String name, String value) {
                seen.add(name + "=" + value);
            }

            @Override
            public void binary(String name, byte[] value) {
                seen.add(name + ":" + value.length);
            }
        });

        assertThat(seen).containsExactly("a=1", "x-bin:3", "a=2");
    }

    @Test
    void valuesMayBeSecretsAndAreNotPrinted() {
        assertThat(Metadata.of(MetadataKey.ascii("authorization"), "Bearer secret"))
                .hasToString("Metadata[authorization]");
    }

    // ---- keys ----

    @Test
    void namesAreLowerCaseAndComparedAlone() {
        assertThat(MetadataKey.ascii("X-Trace.Id_7"))
                .hasToString("x-trace.id_7")
                .isEqualTo(MetadataKey.ascii("x-trace.id_7"));
        assertThat(NUMBER).isEqualTo(MetadataKey.ascii("number")).hasSameHashCodeAs(MetadataKey.ascii("number"));
        assertThat(A).isNotEqualTo(B);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", ":path", "a:b", "naïve", "a\n", "a/b"})
    void aNameThatIsNotLegalIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetadataKey.ascii(name))
                .withMessage("metadata name '" + name
                        + "' is not legal: it may hold a-z, 0-9, '_', '-' and '.', and must not be empty");
    }

    @Test
    void theNameSaysWhetherTheValueIsBytes() {
        assertThat(BIN.isBinary()).isTrue();
        assertThat(A.isBinary()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetadataKey.ascii("x-bin"))
                .withMessageContaining("ends in -bin and so carries bytes; use MetadataKey.binary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetadataKey.binary("x"))
                .withMessageContaining("the name of a binary entry must end in -bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\u007f", "ü", "\u0000"})
    void aValueThatIsNotPrintableAsciiIsRefused(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of(A, value))
                .withMessageStartingWith("the value of metadata 'a' holds character 0x")
                .withMessageContaining("use a name that ends in -bin");
    }

    @Test
    void nothingIsNoValue() {
        assertThatNullPointerException().isThrownBy(() -> Metadata.of(BIN, null));
        assertThatNullPointerException().isThrownBy(() -> Metadata.of(A, null));
    }
}
