// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad.AsyncEcho;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadTest {

    private static final Workload WORKLOAD = Workload.unary(4, 8);
    private static final Budget FIFTY_CALLS = new Budget(50, Duration.ofSeconds(30));

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** Plays the connection: answers come on another thread. */
    private final ExecutorService connection = Executors.newSingleThreadExecutor();

    @AfterEach
    void closeConnection() {
        connection.shutdown();
    }

    @Test
    void callbacksMakeExactlyTheCallsOfTheBudgetEachTime() throws InterruptedException {
        CallbackLoad load = callbacks(WORKLOAD.request());

        assertThat(load.run(FIFTY_CALLS)).isEqualTo(50);
        assertThat(load.run(FIFTY_CALLS)).isEqualTo(50);
        assertThat(calls).hasValue(100);
    }

    @Test
    void threadsMakeExactlyTheCallsOfTheBudgetEachTime() throws InterruptedException {
        ThreadLoad load = threads(WORKLOAD.request());

        assertThat(load.run(FIFTY_CALLS)).isEqualTo(50);
        assertThat(load.run(FIFTY_CALLS)).isEqualTo(50);
        assertThat(calls).hasValue(100);
        load.close();
    }

    @Test
    void timeEndsARunThatHasCallsLeft() throws InterruptedException {
        Budget moment = new Budget(Long.MAX_VALUE, Duration.ofMillis(1));

        assertThat(callbacks(WORKLOAD.request()).run(moment)).isLessThan(Long.MAX_VALUE);
    }

    @Test
    void whereTheServerStreamsItsAnswersAreCounted() throws InterruptedException {
        Workload streaming = new Workload(Workload.Shape.SERVER_STREAMING, 1, 4, 8, 10);
        AsyncEcho echo = outcome -> () -> {
            calls.incrementAndGet();
            connection.execute(() -> outcome.answered(streaming.request()));
        };

        assertThat(new CallbackLoad(streaming, echo, () -> {}).run(FIFTY_CALLS)).isEqualTo(50);
        assertThat(calls).hasValue(5);
    }

    @Test
    void lanesEndTheCallsThatStayOpen() throws InterruptedException {
        AtomicInteger ended = new AtomicInteger();
        AsyncEcho echo = outcome -> new CallbackLoad.Calls() {
            @Override
            public void next() {
                connection.execute(() -> outcome.answered(WORKLOAD.request()));
            }

            @Override
            public void end() {
                ended.incrementAndGet();
            }
        };

        new CallbackLoad(WORKLOAD, echo, () -> {}).run(FIFTY_CALLS);

        assertThat(ended).hasValue(WORKLOAD.outstanding());
    }

    @Test
    void anotherAnswerThanTheRequestIsAFailure() {
        EchoMessage empty = EchoMessage.getDefaultInstance();

        assertThatIllegalStateException()
                .isThrownBy(() -> callbacks(empty).run(FIFTY_CALLS))
                .withMessageContaining("answer of 0 bytes (expected: 8)");
        assertThatIllegalStateException()
                .isThrownBy(() -> threads(empty).run(FIFTY_CALLS))
                .withMessageContaining("answer of 0 bytes (expected: 8)");
    }

    @Test
    void aFailedCallFailsTheRun() {
        AsyncEcho failing = outcome -> () -> connection.execute(() -> outcome.failed(new RuntimeException("refused")));

        assertThatIllegalStateException()
                .isThrownBy(() -> new CallbackLoad(WORKLOAD, failing, () -> {}).run(FIFTY_CALLS))
                .withMessageContaining("refused");
        assertThatIllegalStateException()
                .isThrownBy(() -> new ThreadLoad(WORKLOAD, () -> LoadTest::refuse, () -> {}).run(FIFTY_CALLS))
                .withMessageContaining("refused");
    }

    @Test
    void closingALoadClosesItsConnection() {
        callbacks(WORKLOAD.request()).close();
        threads(WORKLOAD.request()).close();

        assertThat(closed).hasValue(2);
    }

    private CallbackLoad callbacks(EchoMessage answer) {
        AsyncEcho echo = outcome -> () -> {
            calls.incrementAndGet();
            connection.execute(() -> outcome.answered(answer));
        };
        return new CallbackLoad(WORKLOAD, echo, closed::incrementAndGet);
    }

    private ThreadLoad threads(EchoMessage answer) {
        return new ThreadLoad(
                WORKLOAD,
                () -> () -> {
                    calls.incrementAndGet();
                    return answer;
                },
                closed::incrementAndGet);
    }

    private static EchoMessage refuse() {
        throw new RuntimeException("refused");
    }
}
