// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.StatusException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One token for all calls. It is fetched when the first call needs it, once however many wait; again shortly before it expires, while calls
 * go on with the old one; and after a failure not before a while has passed, in which calls that need it fail at once. A token that has
 * expired when it comes, or nearly, is used for that while all the same: the clocks may differ, and another one would not be better.
 *
 * <pre>
 *            fetched                    expires − ahead          expires
 *   none ──────┼── calls have it at once ────┼── they do, and it is renewed ──┼── they wait
 * </pre>
 *
 * <p>For all threads; what {@link #get} returns completes on the executor's.
 */
final class SharedToken implements Supplier<CompletionStage<String>> {

    /**
     * How long before its end a token is renewed. Less than the 60 seconds by which Spring Security's clock skew takes a token for expired:
     * earlier, it would hand out the old one again.
     */
    static final Duration AHEAD = Duration.ofSeconds(45);

    /** A token that lives too briefly for that is renewed in the last fifth of its life. */
    private static final int PART_OF_LIFE = 5;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Source source;
    private final Executor executor;
    private final Clock clock;

    private volatile @Nullable Held held;

    // Guarded by this. What the last attempt failed with counts until the next one may be made.
    private @Nullable CompletableFuture<String> flight;
    private StatusException failure = TokenFailures.unexpected();
    private long notBefore = Long.MIN_VALUE;
    private long pause = FIRST_PAUSE.toMillis();

    /** Where tokens come from. */
    @FunctionalInterface
    interface Source {

        /**
         * Fetches a token; may block.
         *
         * @throws StatusException what the calls that wait for it end with
         */
        Fetched fetch();
    }

    /**
     * @param expiresAt by the clock's milliseconds; {@link Long#MAX_VALUE} for never
     */
    record Fetched(String token, long expiresAt) {

        @Override
        public String toString() {
            return "Fetched[..., " + expiresAt + "]";
        }
    }

    private record Held(CompletableFuture<String> token, long renewAt, long usedUntil) {}

    SharedToken(Source source, Executor executor, Clock clock) {
        this.source = source;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public CompletionStage<String> get() {
        Held known = held;
        long now = clock.millis();
        return known != null && now < known.renewAt() ? known.token() : renewing(now);
    }

    private CompletionStage<String> renewing(long now) {
        CompletionStage<String> answer;
        boolean takeOff = false;
        synchronized (this) {
            Held known = held;
            boolean due = known == null || now >= known.renewAt();
            if (due && flight == null && now >= notBefore) {
                flight = new CompletableFuture<>();
                takeOff = true;
            }
            if (known != null && now < known.usedUntil()) {
                answer = known.token();
            } else {
                answer = flight == null ? CompletableFuture.failedStage(failure) : flight;
            }
        }
        if (takeOff) {
            takeOff();
        }
        return answer;
    }

    private void takeOff() {
        try {
            executor.execute(new Fetch());
        } catch (RejectedExecutionException closed) {
            fail(TokenFailures.stopped());
        } catch (RuntimeException | Error unable) { // No memory for a thread, say; the next call may find one.
            fail(TokenFailures.noThread());
        }
    }

    private void fetch() {
        Fetched fetched;
        try {
            fetched = source.fetch();
        } catch (StatusException failed) {
            fail(failed);
            return;
        } catch (RuntimeException | Error unexpected) {
            fail(TokenFailures.unexpected());
            return;
        }
        land(fetched);
    }

    /** One attempt, on its way to a thread. */
    private final class Fetch implements TokenThreads.Task {

        @Override
        public void run() {
            fetch();
        }

        @Override
        public void stopped() {
            fail(TokenFailures.stopped());
        }
    }

    private void land(Fetched fetched) {
        long now = clock.millis();
        CompletableFuture<String> landed;
        long renewAt = Math.max(renewAt(fetched, now), now + FIRST_PAUSE.toMillis());
        long usedUntil = Math.max(renewAt, fetched.expiresAt());
        synchronized (this) {
            held = new Held(CompletableFuture.completedFuture(fetched.token()), renewAt, usedUntil);
            notBefore = Long.MIN_VALUE;
            pause = FIRST_PAUSE.toMillis();
            landed = flight;
            flight = null;
        }
        if (landed != null) {
            landed.complete(fetched.token()); // Outside the lock: calls that wait leave now.
        }
    }

    private void fail(StatusException failed) {
        CompletableFuture<String> crashed;
        synchronized (this) {
            failure = failed;
            notBefore = clock.millis() + pause;
            pause = Math.min(LONGEST_PAUSE.toMillis(), pause * 2);
            crashed = flight;
            flight = null;
        }
        if (crashed != null) {
            crashed.completeExceptionally(failed);
        }
    }

    private static long renewAt(Fetched fetched, long now) {
        if (fetched.expiresAt() == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long life = Math.max(0, fetched.expiresAt() - now);
        return fetched.expiresAt() - Math.min(AHEAD.toMillis(), life / PART_OF_LIFE);
    }
}
