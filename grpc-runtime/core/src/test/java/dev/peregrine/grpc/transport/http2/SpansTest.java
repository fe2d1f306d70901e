// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {

    @ParameterizedTest
    @CsvSource({
        "PT20S, 20 s",
        "PT2M, 120 s",
        "PT100S, 100 s",
        "PT1.5S, 1.5 s",
        "PT0.3S, 300 ms",
        "PT0.0005S, 0.5 ms",
        "PT0S, 0 s"
    })
    void spansAreWrittenAsPeopleDo(Duration span, String text) {
        assertThat(Spans.text(span)).isEqualTo(text);
    }
}
