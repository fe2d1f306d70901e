// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the extension does to tests that fail, and to tests that should. */
class PeersTest {

    @Test
    void anyFailureBringsTheConversations() {
        Throwable failure = failureOf("aValueIsNotAsExpected");

        assertThat(failure).hasMessage("not as expected");
        assertThat(failure.getSuppressed())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each).hasMessageContaining("-> SETTINGS()"));
    }

    @Test
    void aFailureThatTellsItsConversationIsNotToldItAgain() {
        Throwable failure = failureOf("aFrameIsNotAsExpected");

        assertThat(failure).hasMessageStartingWith("expected HEADERS on stream 1, but found RST_STREAM(1, CANCEL)");
        assertThat(failure.getSuppressed()).hasSize(1);
    }

    @Test
    void anUnnoticedBreachFailsTheTest() {
        assertThat(failureOf("aBreachIsOverlooked")).hasMessageStartingWith("unnoticed so far: breach of protocol: ");
    }

    private static Throwable failureOf(String method) {
        List<TestExecutionResult> results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Examples.class, method))
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .toList();
        assertThat(results).hasSize(1);
        return results.get(0).getThrowable().orElseThrow();
    }

    /** Failing on purpose; nested classes that are not {@code @Nested} are run by nobody else. */
    static class Examples {

        @RegisterExtension
        final Peers peers = new Peers();

        @Test
        void aValueIsNotAsExpected() {
            Pair.afterHandshake(peers);
            throw new AssertionError("not as expected");
        }

        @Test
        void aFrameIsNotAsExpected() {
            Pair pair = Pair.afterHandshake(peers);
            pair.client().send(GrpcFrames.request(1, "/test"));
            pair.server().send(new Frame.RstStream(1, ErrorCode.CANCEL));
            pair.client().expectHeaders(1);
        }

        @Test
        void aBreachIsOverlooked() {
            Pair pair = Pair.afterHandshake(peers);
            pair.client().send(Frame.Settings.ACK);
            Pair.awaitEnd(pair.server());
        }
    }
}
