// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSyntaxTest {

    /** RFC 9110, 5.6.2, in lower case. */
    @Test
    void aNameIsMadeOfLowerCaseTokensAndNothingElse() {
        String legal = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";
        for (char c = 0; c < 256; c++) {
            AsciiString name = new AsciiString(new byte[] {'a', (byte) c, 'b'}, false);

            assertThat(FieldSyntax.isName(name)).as("character %d", (int) c).isEqualTo(legal.indexOf(c) >= 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {":path", ":unknown", "a", "grpc-timeout"})
    void pseudoHeadersBeginWithAColon(String name) {
        assertThat(FieldSyntax.isName(new AsciiString(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "::path", "pa:th", "path:", ":Path"})
    void anEmptyNameOrAColonElsewhereIsIllegal(String name) {
        assertThat(FieldSyntax.isName(new AsciiString(name))).isFalse();
    }

    /** RFC 9113, 8.2.1. */
    @Test
    void aValueHoldsAnythingButTheEndsOfOtherProtocols() {
        for (char c = 0; c < 256; c++) {
            AsciiString value = new AsciiString(new byte[] {'a', (byte) c, 'b'}, false);

            assertThat(FieldSyntax.isValue(value))
                    .as("character %d", (int) c)
                    .isEqualTo(c != 0 && c != '\r' && c != '\n');
        }
    }

    @Test
    void aPartOfALongerTextIsJudgedByItself() {
        AsciiString text = new AsciiString("A\nname\n");

        assertThat(FieldSyntax.isName(text.subSequence(2, 6, false))).isTrue();
        assertThat(FieldSyntax.isValue(text.subSequence(2, 6, false))).isTrue();
        assertThat(FieldSyntax.isValue(text.subSequence(1, 6, false))).isFalse();
    }
}
