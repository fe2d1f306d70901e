// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

/** What was found legal once is not looked at again, and nothing else passes with it. */
class KnownLegalTest {

    private final KnownLegal known = new KnownLegal();

    @Test
    void aNameIsLegalEachTime() {
        AsciiString name = new AsciiString("x-name");

        assertThat(known.isName(name)).isTrue();
        assertThat(known.isName(name)).isTrue();
    }

    @Test
    void anotherTextInTheSamePlaceIsLookedAt() {
        assertThat(known.isValue(new AsciiString("a b"))).isTrue();

        assertThat(known.isValue(new AsciiString("a\nb"))).isFalse();
        assertThat(known.isValue(new AsciiString("a\nb"))).isFalse();
    }

    @Test
    void aLegalValueIsNotALegalName() {
        AsciiString text = new AsciiString("X-Upper");

        assertThat(known.isValue(text)).isTrue();
        assertThat(known.isName(text)).isFalse();
    }

    @Test
    void nothingIsAValueAndNoName() {
        assertThat(known.isValue(AsciiString.EMPTY_STRING)).isTrue();
        assertThat(known.isName(AsciiString.EMPTY_STRING)).isFalse();
    }
}
