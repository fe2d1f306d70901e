// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {

    private static final String SPECIAL =
            "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \ud83d\ude08\t\n";

    private static final String SPECIAL_ESCAPED =
            "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A";

    @Test
    void aTextWithNothingToEscapeIsReturnedAsItIs() {
        String text = "all of !\"#$&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~";

        assertThat(PercentEncoding.encode(text)).isSameAs(text);
        assertThat(PercentEncoding.decode(text)).isEqualTo(text);
        assertThat(PercentEncoding.encode("")).isEmpty();
        assertThat(PercentEncoding.decode("")).isEmpty();
    }

    @Test
    void theInteropMessageIsEscapedAndReadBack() {
        assertThat(PercentEncoding.encode(SPECIAL)).isEqualTo(SPECIAL_ESCAPED);
        assertThat(PercentEncoding.decode(new AsciiString(SPECIAL_ESCAPED))).isEqualTo(SPECIAL);
    }

    @Test
    void exactlyTheBytesThatTheGrammarNamesStayUnescaped() {
        for (char c = 0; c < 0x80; c++) {
            boolean unescaped = (c >= 0x20 && c <= 0x24) || (c >= 0x26 && c <= 0x7e);
            String expected = unescaped ? "a" + c + "b" : "a%%%02Xb".formatted((int) c);
            assertThat(PercentEncoding.encode("a" + c + "b")).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"' a', %20a", "'a ', a%20", "' ', %20", "' a b ', %20a b%20", "'  ', %20%20", "'  a', '%20 a'"})
    void aSpaceAtEitherEndIsEscapedSinceAFieldValueMustNotHaveOne(String text, String escaped) {
        assertThat(PercentEncoding.encode(text)).isEqualTo(escaped);
        assertThat(PercentEncoding.decode(escaped)).isEqualTo(text);
    }

    @Test
    void aSurrogateWithoutItsPartnerBecomesAQuestionMark() {
        assertThat(PercentEncoding.encode("a\ud83db")).isEqualTo("a?b");
        assertThat(PercentEncoding.encode("\ude08")).isEqualTo("?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%a",
                "100%",
                "100%2",
                "%zz",
                "%2z",
                "%z2",
                "a%b%",
                "%%",
                "%-1",
                "%+1",
                "% 1",
                "%\u0661\u0661"
            })
    void anEscapeThatIsNoneStaysAsItIs(String value) {
        assertThat(PercentEncoding.decode(value)).isEqualTo(value.replaceAll("[^\\x00-\\xff]", "?"));
    }

    @Test
    void hexDigitsOfEitherCaseAreRead() {
        assertThat(PercentEncoding.decode("%e2%98%Ba%25")).isEqualTo("\u263a%");
        assertThat(PercentEncoding.decode("%%41%")).isEqualTo("%A%");
    }

    @Test
    void bytesThatAreNotUtf8BecomeReplacementCharacters() {
        assertThat(PercentEncoding.decode("a%FFb")).isEqualTo("a\ufffdb");
        assertThat(PercentEncoding.decode("%E2%98")).isEqualTo("\ufffd");
    }

    @Test
    void rawUtf8BytesOfAFieldAreReadAsWell() {
        AsciiString raw = new AsciiString("caf\u00e9 %E2%98%BA".getBytes(StandardCharsets.UTF_8));

        assertThat(PercentEncoding.decode(raw)).isEqualTo("caf\u00e9 \u263a");
    }

    @Test
    void everyTextComesBack() {
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                int codePoint = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
                if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                    text.appendCodePoint(codePoint);
                }
            }
            String escaped = PercentEncoding.encode(text.toString());
            assertThat(escaped.strip()).isEqualTo(escaped).matches("[\\x20-\\x7e]*");
            assertThat(PercentEncoding.decode(escaped)).isEqualTo(text.toString());
        }
    }

    @Test
    void whateverComesIsDecodedWithoutFailing() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = random.nextInt(3) == 0 ? (byte) '%' : bytes[n];
            }
            assertThat(PercentEncoding.decode(new AsciiString(bytes))).isNotNull();
        }
    }
}
