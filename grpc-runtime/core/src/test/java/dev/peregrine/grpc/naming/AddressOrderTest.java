// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8305 §4. */
class AddressOrderTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "10.0.0.1 10.0.0.2, 10.0.0.1 10.0.0.2",
        "::1 ::2, ::1 ::2",
        "10.0.0.1 10.0.0.2 ::1 ::2, 10.0.0.1 ::1 10.0.0.2 ::2",
        "::1 ::2 10.0.0.1 10.0.0.2, ::1 10.0.0.1 ::2 10.0.0.2",
        "::1 10.0.0.1 10.0.0.2 10.0.0.3, ::1 10.0.0.1 10.0.0.2 10.0.0.3",
        "10.0.0.1 ::1 ::2 ::3, 10.0.0.1 ::1 ::2 ::3",
        "10.0.0.3 10.0.0.1 10.0.0.2 ::1, 10.0.0.3 ::1 10.0.0.1 10.0.0.2",
    })
    void familiesTakeTurnsAndKeepTheirOrder(String resolved, String ordered) {
        assertThat(AddressOrder.interleave(addresses(resolved))).isEqualTo(addresses(ordered));
    }

    private static List<InetAddress> addresses(String literals) {
        return Arrays.stream(literals.split(" "))
                .filter(literal -> !literal.isEmpty())
                .map(literal -> {
                    try {
                        return InetAddress.getByName(literal);
                    } catch (UnknownHostException impossible) {
                        throw new AssertionError(impossible);
                    }
                })
                .toList();
    }
}
