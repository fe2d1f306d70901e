// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;

class FlagsTests {

    private static final Set<String> KNOWN = Set.of("port", "use_tls", "face", "name");

    @Test
    void aFlagHasTheValueGivenLast() {
        assertThat(parse("--name=a", "--name=b=c").text("name")).isEqualTo("b=c");
    }

    @Test
    void aFlagThatIsAbsentHasItsDefault() {
        assertThat(parse().text("name")).isNull();
        assertThat(parse().text("name", "nobody")).isEqualTo("nobody");
        assertThat(parse().port("port", 8080, 0)).isEqualTo(8080);
        assertThat(parse().bool("use_tls", true)).isTrue();
        assertThat(parse().face()).isEqualTo(Face.BLOCKING);
    }

    @Test
    void anUnknownFlagIsRefusedByName() {
        refused("unknown flag --color", "--color=red");
    }

    @Test
    void anArgumentWithoutNameOrValueIsRefused() {
        refused("argument '--port' (expected: --name=value)", "--port");
        refused("argument 'port=1' (expected: --name=value)", "port=1");
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        for (String port : new String[] {"65536", "-1", "http", ""}) {
            Flags flags = parse("--port=" + port);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.port("port", 8080, 0))
                    .withMessage("--port: '" + port + "' (expected: 0 to 65535)");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> parse("--port=0").port("port", 8080, 1));
    }

    @Test
    void aBooleanIsTrueOrFalseAndNothingElse() {
        assertThat(parse("--use_tls=false").bool("use_tls", true)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--use_tls=yes").bool("use_tls", true))
                .withMessage("--use_tls: 'yes' (expected: true or false)");
    }

    @Test
    void aFaceIsBlockingOrAsync() {
        assertThat(parse("--face=async").face()).isEqualTo(Face.ASYNC);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--face=two").face())
                .withMessage("--face: 'two' (expected: blocking or async)");
    }

    private static Flags parse(String... arguments) {
        return Flags.parse(arguments, KNOWN);
    }

    private static void refused(String message, String argument) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(argument)).withMessage(message);
    }
}
