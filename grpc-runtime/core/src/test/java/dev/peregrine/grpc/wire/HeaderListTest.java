// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderListTest {

    private static final MetadataKey<String> KEY = MetadataKey.ascii("x-key");

    private final HeaderList list = new HeaderList();

    @Test
    void noFieldsAreNoMetadata() {
        assertThat(list.size()).isZero();
        assertThat(list.toMetadata()).isSameAs(Metadata.EMPTY);
    }

    @Test
    void theValuesOfANameKeepTheirOrder() {
        add("x-key", "one");
        add("x-other", "between");
        add("x-key", "two");

        assertThat(list.size()).isEqualTo(3);
        assertThat(list.toMetadata().getAll(KEY)).containsExactly("one", "two");
        assertThat(list.toMetadata().names()).containsExactly("x-key", "x-other");
    }

    @Test
    void metadataIsMadeOnceUntilAFieldIsAdded() {
        add("x-key", "one");
        Metadata first = list.toMetadata();

        assertThat(list.toMetadata()).isSameAs(first);

        add("x-key", "two");
        assertThat(list.toMetadata().getAll(KEY)).containsExactly("one", "two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":path",
                ":status",
                ":anything",
                "content-type",
                "te",
                "host",
                "grpc-timeout",
                "grpc-encoding",
                "grpc-accept-encoding",
                "grpc-status",
                "grpc-message",
                "connection",
                "keep-alive"
            })
    void whatTheProtocolUsesIsNoMetadata(String name) {
        add(name, "value");

        assertThat(list.size()).isEqualTo(1);
        assertThat(list.toMetadata().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"user-agent", "authorization", "grpc-previous-rpc-attempts", "grpc-retry-pushback-ms", "x_y.z-0"
            })
    void whatSomebodyAboveReadsIsMetadata(String name) {
        add(name, "value");

        assertThat(list.toMetadata().get(MetadataKey.ascii(name))).isEqualTo("value");
    }

    @Test
    void statusDetailsAreMetadataOfBytes() {
        add("grpc-status-details-bin", "AQID");

        assertThat(list.toMetadata().get(MetadataKey.binary("grpc-status-details-bin")))
                .isEqualTo(new byte[] {1, 2, 3});
    }

    @Test
    void joinedBinaryValuesAreSeveralEntries() {
        add("x-bin", "AQ==,Ag");

        assertThat(list.toMetadata().getAll(MetadataKey.binary("x-bin")))
                .containsExactly(new byte[] {1}, new byte[] {2});
    }

    @Test
    void aBinaryFieldThatIsNotBase64IsLeftOut() {
        add("x-bin", "AQ,!");
        add("x-key", "stays");

        assertThat(list.toMetadata().names()).containsExactly("x-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X-Upper", "x key", "x/y", "x\u00e9", "x:y"})
    void aFieldWithAnIllegalNameIsLeftOut(String name) {
        add(name, "value");

        assertThat(list.toMetadata().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\u0000", "\u007f", "a\tb"})
    void aFieldWithACharacterThatIsNotPrintableIsLeftOut(String value) {
        add("x-key", value);

        assertThat(list.toMetadata().isEmpty()).isTrue();
    }

    @Test
    void aFieldWithBytesOutsideAsciiIsLeftOut() {
        list.add(new AsciiString("x-key"), new AsciiString("caf\u00e9".getBytes(StandardCharsets.UTF_8)));

        assertThat(list.toMetadata().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {" a b", "a b ", "  a b  ", "\ta b\t"})
    void spacesAroundATextAreTrimmed(String value) {
        add("x-key", value);

        assertThat(list.toMetadata().get(KEY)).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " \t "})
    void aTextOfNothingIsEmpty(String value) {
        add("x-key", value);

        assertThat(list.toMetadata().get(KEY)).isEmpty();
    }

    @Test
    void aLongListIsKeptWhole() {
        for (int i = 0; i < 1_000; i++) {
            add("x-" + i, "value " + i);
        }

        assertThat(list.size()).isEqualTo(1_000);
        Metadata metadata = list.toMetadata();
        assertThat(metadata.size()).isEqualTo(1_000);
        assertThat(metadata.get(MetadataKey.ascii("x-0"))).isEqualTo("value 0");
        assertThat(metadata.get(MetadataKey.ascii("x-999"))).isEqualTo("value 999");
    }

    private void add(String name, String value) {
        list.add(new AsciiString(name), new AsciiString(value));
    }
}
