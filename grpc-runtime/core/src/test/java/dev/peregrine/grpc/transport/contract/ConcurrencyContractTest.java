// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many calls at once on one connection. */
@TransportContract
class ConcurrencyContractTest {

    @RegisterExtension
    final Stage stage;

    ConcurrencyContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    @Test
    void callsBeyondWhatTheServerTakesAtOnceWaitAndAreAllAnswered() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        stage.serverLimits(limits -> limits.withMaxConcurrentCalls(3));
        stage.serveUnary(text -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            running.decrementAndGet();
            return "re: " + text;
        });

        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(stage.unary(Integer.toString(i)));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(Stage.answerTo(answers.get(i))).isEqualTo("re: " + i);
        }
        assertThat(most).hasValueLessThanOrEqualTo(3);
    }

    @Test
    void aCallThatWaitsGetsThePlaceOfOneThatIsCancelled() {
        stage.serverLimits(limits -> limits.withMaxConcurrentCalls(1));
        stage.expectNextCallAnswered();
        HeardCall first = stage.start(Texts.CHAT);
        HandledCall ofFirst = stage.handled();
        HeardCall second = stage.start(Texts.CHAT);
        second.send("patience");
        second.halfClose();

        first.cancel("your turn", null);

        assertThat(ofFirst.next()).isEqualTo("cancel CANCELLED");
        HandledCall ofSecond = stage.handled();
        ofSecond.request(1);
        assertThat(ofSecond.next()).isEqualTo("message patience");
        assertThat(ofSecond.next()).isEqualTo("half-close");
        ofSecond.close(Status.OK);
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsIsNeverSeen() {
        stage.serverLimits(limits -> limits.withMaxConcurrentCalls(1));
        stage.expectNextCallAnswered();
        stage.start(Texts.CHAT);
        HandledCall ofFirst = stage.handled();
        HeardCall second = stage.start(Texts.CHAT);

        second.cancel("no patience", null);

        assertThat(second.next()).isEqualTo("CANCELLED: no patience");
        ofFirst.close(Status.OK);
        stage.expectNextCallAnswered();
        assertThat(stage.unseenCalls()).isZero();
    }

    @Test
    void callsFromManyThreadsGetTheirOwnAnswers() throws Exception {
        stage.serveUnary(text -> "re: " + text);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int caller = i;
                done.add(CompletableFuture.runAsync(() -> callMany(caller), callers));
            }
            done.forEach(Stage::answerTo);
        } finally {
            callers.shutdownNow();
        }
    }

    private void callMany(int caller) {
        for (int i = 0; i < 100; i++) {
            String text = caller + "/" + i;
            assertThat(ClientCalls.unary(stage.channel(), Texts.UNARY, CallOptions.DEFAULT, text))
                    .isEqualTo("re: " + text);
        }
    }
}
