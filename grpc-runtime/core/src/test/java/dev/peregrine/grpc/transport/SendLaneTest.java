// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.fuzz.QuietLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SendLaneTest {

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> clear = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final SendLane lane = new SendLane(message -> new byte[0], () -> clear.complete(null), failure::complete);

    private static OutboundMessage<?> message(int length) {
        return new OutboundMessage<>(new Texts(), "x".repeat(length));
    }

    /** Does it on an event loop, where what is large is compressed elsewhere. */
    private static void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        new TransportThread(
                        () -> {
                            try {
                                task.run();
                                done.complete(null);
                            } catch (RuntimeException | Error thrown) {
                                done.completeExceptionally(thrown);
                            }
                        },
                        "loop of a test")
                .start();
        done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatIsSaidBehindALargeMessageWaitsForIt() throws Exception {
        onLoop(() -> {
            lane.message(message(100_000), large -> sent.add("large"));
            lane.message(message(1), small -> sent.add("small"));
            lane.step(() -> sent.add("end"));
        });

        clear.get(10, TimeUnit.SECONDS);
        assertThat(sent).containsExactly("large", "small", "end");
    }

    /** Else the caller would take what is left for the whole answer, or wait for an end that is never said. */
    @Test
    void whenAStepFailsItIsToldAndNothingBehindItIsSent() throws Exception {
        try (QuietLog log = new QuietLog("a message could not be sent")) {
            onLoop(() -> {
                lane.message(message(100_000), large -> {
                    throw new StackOverflowError("too deep");
                });
                lane.step(() -> sent.add("end"));
            });

            assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessage("too deep");
            clear.get(10, TimeUnit.SECONDS);
        }
        lane.message(message(1), small -> sent.add("small"));
        lane.step(() -> sent.add("later"));

        assertThat(sent).isEmpty();
    }

    @Test
    void whatFailsOnTheSendersThreadIsTheSenders() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> lane.message(message(1), small -> {
                    throw new IllegalStateException("no");
                }));

        lane.step(() -> sent.add("end"));
        assertThat(sent).containsExactly("end");
    }
}
