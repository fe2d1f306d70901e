// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.health.v1.Health;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MethodPatternTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "*/*",
                "fixture.*",
                "fixture.*/*",
                "fixture.Greeter",
                "fixture.Greeter/*",
                "fixture.Greeter/SayHello"
            })
    void aMethodIsMatchedByItselfItsServiceAndThePackagesAbove(String pattern) {
        assertThat(MethodPattern.of(pattern).matches(Greeter.SAY_HELLO)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fixture.Greeter/SayHell",
                "fixture.Greet",
                "fix.*",
                "fixture.Greeter.*",
                "other.Greeter/SayHello"
            })
    void othersAreNotMatched(String pattern) {
        assertThat(MethodPattern.of(pattern).matches(Greeter.SAY_HELLO)).isFalse();
    }

    @Test
    void theMoreSpecificComesFirst() {
        assertThat(Stream.of("*/*", "a.*", "a.b.Service/Method", "a.b.*/*", "a.b.Service")
                        .map(MethodPattern::of)
                        .sorted(Comparator.comparingInt(MethodPattern::rank).reversed())
                        .map(MethodPattern::toString))
                .containsExactly("a.b.Service/Method", "a.b.Service", "a.b.*", "a.*", "*");
    }

    @Test
    void theSameMethodsWrittenDifferentlyAreOnePattern() {
        assertThat(MethodPattern.of("*/*")).isEqualTo(MethodPattern.of("*"));
        assertThat(MethodPattern.of("a.*/*")).isEqualTo(MethodPattern.of("a.*"));
        assertThat(MethodPattern.of("a.Service/*")).isEqualTo(MethodPattern.of("a.Service"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.*Service",
                "shop*",
                "*.Orders",
                "shop.Orders/Pl*",
                "shop.*/Place",
                "*/Place",
                "shop.Orders/",
                "/Place",
                "a/b/*",
                "a/b/c",
                ".*",
                "shop. Orders"
            })
    void aFormThatThereIsNotIsRefusedWithThoseThereAre(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MethodPattern.of(pattern))
                .withMessage("match: '" + pattern + "' (expected: pkg.Service/Method, pkg.Service, pkg.* or *)");
    }

    @Test
    void healthIsMatchedByItsNameOnly() {
        for (String open : List.of("*", "grpc.*", "grpc.health.v1.*/*")) {
            assertThat(MethodPattern.of(open).matches(Health.WATCH)).as(open).isFalse();
        }
        for (String named : List.of("grpc.health.v1.Health", "grpc.health.v1.Health/Watch")) {
            assertThat(MethodPattern.of(named).matches(Health.WATCH)).as(named).isTrue();
        }
    }
}
