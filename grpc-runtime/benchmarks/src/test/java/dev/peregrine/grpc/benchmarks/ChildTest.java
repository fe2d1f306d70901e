// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are shell scripts")
class ChildTest {

    @Test
    void noticesBetweenAnswersArePassedOver() throws Exception {
        try (Child child = shell("echo a notice; echo ready 17; read command; echo another; echo \"mark $command\"")) {
            assertThat(child.greeting()).isEqualTo("17");
            assertThat(child.ask("hello", "mark")).isEqualTo("hello");
        }
    }

    @Test
    void anEndBeforeTheAnswerIsToldWithTheExitCodeAndEverythingItSaid() throws Exception {
        try (Child child = shell("echo no memory; echo no luck >&2; exit 3")) {
            assertThatIllegalStateException()
                    .isThrownBy(child::greeting)
                    .withMessageContaining("child ended with code 3 instead of saying \"ready\"")
                    .withMessageContaining("no memory")
                    .withMessageContaining("no luck");
        }
    }

    @Test
    void aFailureInTheChildIsOneHere() throws Exception {
        try (Child child = shell("echo ready; read command; echo failed for a reason; read command")) {
            child.greeting();

            assertThatIllegalStateException()
                    .isThrownBy(() -> child.ask("run", "ran"))
                    .withMessageContaining("child said \"failed for a reason\" instead of \"ran\"");
        }
    }

    private static Child shell(String script) throws Exception {
        return Child.start("child", List.of("sh", "-c", script));
    }
}
