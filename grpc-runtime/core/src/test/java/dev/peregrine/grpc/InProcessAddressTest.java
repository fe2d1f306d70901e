// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InProcessAddressTest {

    @Test
    void isKnownByItsName() {
        assertThat(new InProcessAddress("greeter"))
                .isEqualTo(new InProcessAddress("greeter"))
                .hasSameHashCodeAs(new InProcessAddress("greeter"))
                .isNotEqualTo(new InProcessAddress("Greeter"))
                .hasToString("inprocess:greeter");
    }

    @Test
    void uniqueAddressesDiffer() {
        InProcessAddress one = InProcessAddress.unique("test");

        assertThat(one.name()).startsWith("test-");
        assertThat(InProcessAddress.unique("test")).isNotEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "line\n", "größe"})
    void aNameThatIsNoAuthorityIsRefused(String name) {
        assertThatThrownBy(() -> new InProcessAddress(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }
}
