// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTests {

    @ParameterizedTest
    @CsvSource({
        "SayHello, sayHello, SAY_HELLO",
        "sayHello, sayHello, SAY_HELLO",
        "say_hello, sayHello, SAY_HELLO",
        "Say_Hello, sayHello, SAY_HELLO",
        "say__hello_, sayHello, SAY_HELLO",
        "_say, say, SAY",
        "Get, get, GET",
        "G, g, G",
        "GetURL, getURL, GET_URL",
        "URLShorten, uRLShorten, URL_SHORTEN",
        "GetV2beta1, getV2beta1, GET_V2BETA1",
        "GetV2Beta, getV2Beta, GET_V2_BETA",
        "_1, _1, _1",
        "_, _, _",
        "___, _, _",
    })
    void aNameOfTheProtoFileHasAJavaFormAndAConstantForm(String protoName, String method, String constant) {
        assertThat(Names.lowerCamel(protoName)).isEqualTo(method);
        assertThat(Names.upperSnake(protoName)).isEqualTo(constant);
    }

    @Test
    void theFirstToAskKeepsThePlainName() {
        Names names = new Names(Set.of());

        assertThat(Stream.of("a", "b", "a", "a", "b").map(names::claim)).containsExactly("a", "b", "a_", "a__", "b_");
    }

    @Test
    void aReservedNameIsNeverGivenAway() {
        Names names = new Names(Set.of("bind", "bind_"));

        assertThat(names.claim("bind")).isEqualTo("bind__");
    }

    @ParameterizedTest
    @CsvSource({"class, class_", "default, default_", "true, true_", "null, null_", "_, __", "record, record"})
    void aNameThatJavaForbidsGetsAnUnderscore(String wish, String name) {
        assertThat(new Names(Set.of()).claim(wish)).isEqualTo(name);
    }
}
