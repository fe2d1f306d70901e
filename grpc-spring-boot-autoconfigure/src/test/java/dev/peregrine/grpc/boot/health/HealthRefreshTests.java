// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.peregrine.grpc.services.health.HealthRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.availability.ReadinessState;

/** Contributors that take their time. */
@Timeout(60)
class HealthRefreshTests {

    private final Semaphore answers = new Semaphore(0);
    private final HealthRegistry registry = new HealthRegistry();
    private final HealthReporter reporter = new HealthReporter(
            registry, new HealthProperties(true, "*", Set.of("*"), Set.of(), Duration.ZERO, Map.of()));
    private @Nullable HealthRefresh refresh;

    private HealthRefresh refresh(Contributors contributors, Duration interval, Duration timeout) {
        refresh = new HealthRefresh(contributors, reporter, interval, timeout);
        reporter.readiness(ReadinessState.ACCEPTING_TRAFFIC);
        return refresh;
    }

    private Map<String, Boolean> answerSlowly() {
        answers.acquireUninterruptibly();
        return Map.of("slow", true);
    }

    @AfterEach
    void release() {
        answers.release(100);
        if (refresh != null) {
            refresh.destroy();
        }
    }

    @Test
    void contributorsThatStopAnsweringCountAsDownUntilTheyDo() {
        HealthRefresh refresh = refresh(this::answerSlowly, Duration.ZERO, Duration.ofMillis(50));
        answers.release();
        refresh.now();
        awaitStatus(SERVING);

        refresh.now();
        awaitStatus(NOT_SERVING);

        answers.release();
        awaitStatus(SERVING);
    }

    @ParameterizedTest
    @MethodSource("whateverIsThrown")
    void afterWhateverIsThrownTheyAreAskedAgain(Throwable thrown) {
        AtomicInteger asked = new AtomicInteger();
        Contributors contributors = () -> {
            answers.acquireUninterruptibly();
            if (asked.incrementAndGet() == 2) {
                throwAsItIs(thrown);
            }
            return Map.of("fragile", true);
        };
        refresh(contributors, Duration.ofMillis(1), Duration.ofMinutes(1)).now();
        answers.release();
        awaitStatus(SERVING);

        answers.release();
        awaitStatus(NOT_SERVING); // Nobody knows.

        answers.release();
        awaitStatus(SERVING);
    }

    static List<Throwable> whateverIsThrown() {
        return List.of(new AssertionError("not mine"), new StackOverflowError(), new IllegalStateException("gone"));
    }

    private void awaitStatus(ServingStatus status) {
        await().until(() -> registry.status(HealthRegistry.SERVER) == status);
    }

    private static void throwAsItIs(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }
}
