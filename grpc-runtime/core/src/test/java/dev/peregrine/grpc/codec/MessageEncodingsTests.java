// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which encodings there are, and what they are called on the wire. */
class MessageEncodingsTests {

    private static final MessageEncodings D = MessageEncodings.DEFAULT;

    private record Named(String name) implements MessageEncoding {
        @Override
        public void compress(ByteBuffer message, MessageSink out) {}

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) {}
    }

    @Test
    void gzipIsThereFromTheStartAndIdentityAlways() {
        assertThat(D.names()).isEqualTo("identity,gzip");
        assertThat(MessageEncodings.NONE.names()).isEqualTo("identity");
        assertThat(D.without("gzip").names()).isEqualTo("identity");
    }

    @Test
    void anEncodingIsAddedBehindTheOthers() {
        assertThat(D.with(new Named("snappy")).names()).isEqualTo("identity,gzip,snappy");
        assertThat(D.names()).isEqualTo("identity,gzip");
    }

    @Test
    void anEncodingTakesThePlaceOfItsNamesake() {
        GzipEncoding fast = GzipEncoding.ofLevel(1);

        assertThat(D.with(fast).names()).isEqualTo("identity,gzip");
        assertThat(D.with(fast).find("gzip")).isSameAs(fast);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "GZIP", "a b", "a,b"})
    void aNameMustBeAbleToStandInTheHeader(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> D.with(new Named(name)))
                .withMessageStartingWith("name of a message encoding: '" + name + "' (expected: ");
    }

    @Test
    void whatPeersNameIsFoundInAnyKindOfText() {
        assertThat(D.find(AsciiString.of("gzip"))).isSameAs(GzipEncoding.DEFAULT);
        assertThat(D.find("gzip")).isSameAs(GzipEncoding.DEFAULT);
        assertThat(D.find("gzi")).isNull();
        assertThat(D.find(null)).isNull();
    }

    @Test
    void withoutANameNothingIsCompressed() {
        assertThat(D.canRead(null)).isTrue();
        assertThat(D.canRead("identity")).isTrue();
        assertThat(D.canRead(AsciiString.of("gzip"))).isTrue();
        assertThat(D.canRead("zstd")).isFalse();
        assertThat(MessageEncodings.NONE.canRead("gzip")).isFalse();
    }

    @Test
    void whatTheApplicationNamesMustBeThere() {
        assertThat(D.require("gzip")).isSameAs(GzipEncoding.DEFAULT);
        assertThat(D.require("identity")).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> D.require("zstd"))
                .withMessage("message encoding: 'zstd' (expected one of: identity,gzip;"
                        + " the builder's encodings method adds others)");
    }
}
