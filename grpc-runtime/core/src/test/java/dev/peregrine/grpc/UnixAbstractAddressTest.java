// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.naming.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixAbstractAddressTest {

    @Test
    void aNameIsWrittenAsItIs() {
        assertThat(UnixAbstractAddress.of("größe 1")).hasToString("unix-abstract:größe 1");
    }

    @Test
    void whatDoesNotPrintIsEscapedSoThatALogShowsIt() {
        assertThat(UnixAbstractAddress.of("a\nb\u001b[0m\u202e%")).hasToString("unix-abstract:a%0Ab%1B[0m%E2%80%AE%25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a\nb", "100%", "\u007f\u2028", "größe"})
    void whatIsWrittenIsATargetOfTheSameName(String name) {
        assertThat(Target.parse(UnixAbstractAddress.of(name).toString())).isEqualTo(new Target.UnixAbstract(name));
    }
}
