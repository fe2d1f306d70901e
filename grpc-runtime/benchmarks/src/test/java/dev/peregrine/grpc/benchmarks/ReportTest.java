// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.meter.Counters;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void costsArePerCallWithoutCompilationAndTellMedianAndExtremes() {
        Report report = new Report(
                Map.of(
                        Lineup.PEREGRINE_EVENT_LOOP,
                        List.of(sample(3_000, 1_000), sample(5_000, 1_100), sample(4_000, 1_200))),
                "call");

        assertThat(report.markdown()).isEqualTo("""
                        | server, client | server CPU, µs/call | client CPU, µs/call | server heap, B/call | client heap, B/call | calls/s |
                        |---|---:|---:|---:|---:|---:|
                        | Peregrine, `@NonBlocking` service, async client | 4.00 (3.00–5.00) | 8.00 (6.00–10.0) | 1,100 (1,000–1,200) | 2,200 (2,000–2,400) | 50,000 (50,000–50,000) |
                        """);
    }

    @Test
    void ratiosAreMadeWithinARoundSoThatASlowRoundDoesNotCount() {
        Map<Lineup, List<Sample>> samples = new EnumMap<>(Lineup.class);
        samples.put(Lineup.PEREGRINE_EVENT_LOOP, List.of(sample(3_000, 1_000), sample(30_000, 1_000)));
        samples.put(Lineup.GRPC_JAVA_DIRECT, List.of(sample(6_000, 4_000), sample(60_000, 4_000)));

        assertThat(new Report(samples, "call").markdown())
                .contains("| `peregrine-event-loop` : `grpc-java-direct` |"
                        + " 0.50 (0.50–0.50) | 0.50 (0.50–0.50) | 0.25 (0.25–0.25) | 0.25 (0.25–0.25) |");
    }

    @Test
    void whatIsCountedIsNamed() {
        assertThat(new Report(Map.of(Lineup.GRPC_JAVA_DIRECT, List.of(sample(1, 1))), "message").markdown())
                .contains("server CPU, µs/message", "server heap, B/message", "messages/s");
    }

    @Test
    void whatAForeignClientDoesNotTellIsNoColumn() {
        Sample sample = new Sample(10, 1_000, new Counters(100, 0, 1_000), null);

        assertThat(new Report(Map.of(Lineup.GRPC_JAVA_DIRECT, List.of(sample)), "call").markdown())
                .startsWith("| server | server CPU, µs/call | server heap, B/call | calls/s |")
                .contains("| grpc-java, direct executor |")
                .doesNotContain("client", "NaN");
    }

    /** A thousand calls; the client takes twice what the server takes. */
    private static Sample sample(long serverNanosPerCall, long serverBytesPerCall) {
        long calls = 1_000;
        long compilation = 7_000_000;
        return new Sample(
                calls,
                20_000_000,
                new Counters(serverNanosPerCall * calls + compilation, compilation, serverBytesPerCall * calls),
                new Counters(2 * serverNanosPerCall * calls, 0, 2 * serverBytesPerCall * calls));
    }
}
