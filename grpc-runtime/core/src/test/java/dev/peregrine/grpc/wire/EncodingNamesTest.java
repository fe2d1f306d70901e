// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "gzip          | true",
                "identity,gzip | true",
                "a , gzip , b  | true",
                "gzip2,xgzip   | false",
                "identity      | false",
                "''            | false",
                "','           | false",
                "none          | false",
            })
    void aListIsNamesBetweenCommas(@Nullable String list, boolean listed) {
        assertThat(EncodingNames.contain(list, "gzip")).isEqualTo(listed);
        assertThat(EncodingNames.contain(list == null ? null : AsciiString.of(list), "gzip"))
                .isEqualTo(listed);
    }
}
