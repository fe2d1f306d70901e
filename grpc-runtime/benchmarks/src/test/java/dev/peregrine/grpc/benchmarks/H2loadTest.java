// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.benchmarks.EchoClient.Ran;
import org.junit.jupiter.api.Test;

class H2loadTest {

    private static final String OUTPUT = """
            finished in 2.00s, 1000.00 req/s, 140.62KB/s
            requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx
            traffic: 281.29KB (288041) total, 66.43KB (68020) headers (space savings 90.00%), 138.67KB (142000) data
            """;

    @Test
    void theAnswersAndTheirRateAreRead() {
        assertThat(H2load.read(OUTPUT, 2000, 71)).isEqualTo(new Ran(2000, 2_000_000_000L));
    }

    @Test
    void answersWithoutTheirMessageAreAFailure() {
        assertThatIllegalStateException()
                .isThrownBy(() -> H2load.read(OUTPUT, 2000, 72))
                .withMessageContaining("2000 answers with 142000 bytes (expected: 2000 with 144000)");
    }

    @Test
    void missingAnswersAreAFailure() {
        assertThatIllegalStateException().isThrownBy(() -> H2load.read(OUTPUT, 2001, 71));
    }

    @Test
    void whatElseItSaysIsShown() {
        assertThatIllegalStateException()
                .isThrownBy(() -> H2load.read("could not connect", 1, 71))
                .withMessageContaining("could not connect");
    }
}
