// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.contender.Security;
import dev.peregrine.grpc.benchmarks.load.Budget;
import dev.peregrine.grpc.benchmarks.load.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void withoutArgumentsEverythingIsMeasuredFiveTimes() {
        Options options = Options.parse();

        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.contenders()).containsExactly(Lineup.values());
        assertThat(options.workload()).isEqualTo(Workload.unary(64, 64));
    }

    @Test
    void everyArgumentIsHeard() {
        Options options = Options.parse(
                "--java=/opt/jdk/bin/java",
                "--rounds=7",
                "--outstanding=16",
                "--payload=100",
                "--warmup=1000",
                "--calls=2000",
                "--seconds=3",
                "--contenders=grpc-java-direct,peregrine-blocking",
                "--client=own",
                "--tls=jdk");

        assertThat(options)
                .isEqualTo(new Options(
                        Path.of("/opt/jdk/bin/java"),
                        7,
                        Scenario.UNARY,
                        Workload.unary(16, 100),
                        new Budget(1000, Duration.ofSeconds(6)),
                        new Budget(2000, Duration.ofSeconds(3)),
                        List.of(Lineup.GRPC_JAVA_DIRECT, Lineup.PEREGRINE_BLOCKING),
                        true,
                        false,
                        Security.Tls.JDK));
    }

    @Test
    void aScenarioSetsWhatOtherArgumentsChangeWhereverItStands() {
        Options options = Options.parse("--payload=100", "--scenario=server-streaming", "--calls=5000");

        assertThat(options.workload()).isEqualTo(new Workload(Workload.Shape.SERVER_STREAMING, 1, 16, 100, 100));
        assertThat(options.measured().calls()).isEqualTo(5000);
        assertThat(options.warmUp().calls()).isEqualTo(Scenario.SERVER_STREAMING.count);
    }

    @Test
    void moreConnectionsMeanMoreCallsIfNeedBe() {
        Options options = Options.parse("--scenario=large-1m", "--connections=8");

        assertThat(options.workload()).isEqualTo(new Workload(Workload.Shape.UNARY, 8, 8, 1 << 20, 1));
    }

    @Test
    void theUsageNamesEveryScenario() {
        assertThat(Options.USAGE)
                .contains(Arrays.stream(Scenario.values()).map(Scenario::id).toList());
    }

    @Test
    void whatIsNotUnderstoodIsNamedWithWhatWouldBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--speed=9"))
                .withMessageContaining("unknown option --speed")
                .withMessageContaining("rounds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("fast"))
                .withMessageContaining("argument: fast (expected: --name=value)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds=many"))
                .withMessage("--rounds=many (expected: a whole number)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--contenders=netty"))
                .withMessageContaining("contender: netty (expected one of: peregrine-event-loop,");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--scenario=upload"))
                .withMessageContaining("scenario: upload (expected one of: unary, server-streaming,");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--client=curl"))
                .withMessage("--client=curl (expected: own, h2load or both)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--tls=on"))
                .withMessage("tls: on (expected one of: off, jdk, boringssl)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds=0"))
                .withMessage("rounds: 0 (expected: >= 1)");
    }
}
