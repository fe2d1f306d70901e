// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.contender.Security;
import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.load.Workload;
import io.netty.handler.ssl.OpenSsl;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One small round with real processes: the harness works; nothing is said about who is faster. */
@Timeout(300)
class SideBySideTest {

    private static final int CALLS = 200;
    private static final int PAYLOAD = 64;

    private final Options options = options(Security.Tls.OFF);

    private static Options options(Security.Tls tls) {
        return new Options(
                Options.DEFAULT.java(),
                1,
                Scenario.UNARY,
                Workload.unary(64, PAYLOAD),
                new Budget(64, Duration.ofSeconds(30)),
                new Budget(CALLS, Duration.ofSeconds(30)),
                List.of(Lineup.values()),
                true,
                true,
                tls);
    }

    private static SideBySide run(Options options) throws Exception {
        return new SideBySide(options, new PrintStream(PrintStream.nullOutputStream()));
    }

    @ParameterizedTest
    @EnumSource
    void everyContenderAnswersEveryCallAndBothSidesTellWhatTheyUsed(Security.Tls tls) throws Exception {
        assumeThat(tls != Security.Tls.BORINGSSL || OpenSsl.isAvailable()).isTrue();

        Report report = run(options(tls)).underOwnClients();

        assertThat(report.samples()).containsOnlyKeys(Lineup.values());
        report.samples()
                .forEach((contender, turns) -> assertThat(turns)
                        .as(contender.id())
                        .singleElement()
                        .satisfies(turn -> {
                            assertThat(turn.calls()).isEqualTo(CALLS);
                            assertThat(turn.server().allocatedBytes()).isGreaterThan(CALLS * PAYLOAD);
                            assertThat(turn.client()).isNotNull();
                            assertThat(turn.client().allocatedBytes()).isGreaterThan(CALLS * PAYLOAD);
                            assertThat(turn.server().cpuNanos() + turn.client().cpuNanos())
                                    .isPositive();
                        }));
    }

    @Test
    void everyServerAnswersTheForeignClient() throws Exception {
        assumeThat(Programs.find("h2load")).isPresent();

        Report report = run(options).underForeignClient();

        assertThat(report.samples())
                .doesNotContainKey(Lineup.GRPC_JAVA_BLOCKING)
                .hasSize(Lineup.values().length - 1);
        report.samples()
                .values()
                .forEach(turns -> assertThat(turns).singleElement().satisfies(turn -> {
                    assertThat(turn.calls()).isEqualTo(CALLS);
                    assertThat(turn.client()).isNull();
                }));
    }

    @Test
    void theEnvironmentNamesWhatTheNumbersDependOn() throws Exception {
        assertThat(Environment.describe(options, new Jvms(options.java(), Cores.find(), Security.NONE)))
                .contains("commit ", System.getProperty("java.vm.name"), "-XX:+UseSerialGC", "64 calls under way")
                .doesNotContain("\n");
    }
}
