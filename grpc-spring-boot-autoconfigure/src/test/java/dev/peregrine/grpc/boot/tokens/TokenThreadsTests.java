// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.tokens.SharedToken.Fetched;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of fetches when the application stops. */
@Timeout(60)
class TokenThreadsTests {

    @Test
    void nobodyIsLeftWaitingWhenTheyAreClosed() throws Exception {
        TokenThreads threads = new TokenThreads();
        CountDownLatch never = new CountDownLatch(1);
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int registration = 0; registration < 10; registration++) {
            SharedToken token = new SharedToken(() -> awaitUntilInterrupted(never), threads, Clock.systemUTC());
            asked.add(token.get().toCompletableFuture());
        }
        assertThat(asked).noneMatch(CompletableFuture::isDone);

        threads.close();

        for (CompletableFuture<String> each : asked) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> each.get(10, TimeUnit.SECONDS))
                    .withCauseInstanceOf(StatusException.class);
        }
        assertThat(asked.get(9))
                .isCompletedExceptionally()
                .satisfies(last -> assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(last::get)
                        .withMessageContaining("the application has stopped"));
    }

    private static Fetched awaitUntilInterrupted(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException stopped) {
            throw TokenFailures.unreachable("x");
        }
        throw new AssertionError("it is never counted down");
    }
}
