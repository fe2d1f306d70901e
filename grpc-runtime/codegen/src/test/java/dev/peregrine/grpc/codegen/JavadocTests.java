// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavadocTests {

    @ParameterizedTest
    @CsvSource({
        "ends */ early, ends *&#47; early",
        "@since 1, &#64;since 1",
        "{@link X}, {&#64;link X}",
        "List<String> & more, List&lt;String&gt; &amp; more",
        "\\u002a/, &#92;u002a/",
        "path/*, path/*",
        "grüße 漢字 😀, grüße 漢字 😀",
    })
    void whatJavaWouldTakeForSyntaxIsEscaped(String text, String escaped) {
        assertThat(Javadoc.escape(text)).isEqualTo(escaped);
    }

    @Test
    void aControlCharacterBecomesASpace() {
        assertThat(Javadoc.escape("a\u0000b\fc\u001ad")).isEqualTo("a b c d");
    }

    @Test
    void blankLinesSeparateParagraphsHoweverMany() {
        assertThat(Javadoc.body("\n One,\n still one.\r\n\n\n Two.\n"))
                .containsExactly("One,", "still one.", "", "<p>Two.");
    }

    @Test
    void noTextHasNoBody() {
        assertThat(Javadoc.body(" \n ")).isEmpty();
    }
}
