// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.services.health.HealthRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.availability.ReadinessState;

/** Contributors that take their time. */
@Timeout(60)
class HealthRefreshTests {

    private final Semaphore answers = new Semaphore(0);
    private final HealthRegistry registry = new HealthRegistry();
    private final HealthReporter reporter =
            new HealthReporter(registry, new HealthProperties(true, Set.of("*"), Set.of(), Duration.ZERO, Map.of()));
    private final HealthRefresh refresh =
            new HealthRefresh(this::askSlowly, reporter, Duration.ZERO, Duration.ofMillis(50));

    private Map<String, Boolean> askSlowly() {
        answers.acquireUninterruptibly();
        return Map.of("slow", true);
    }

    @AfterEach
    void release() {
        answers.release(100);
        refresh.destroy();
    }

    @Test
    void contributorsThatStopAnsweringCountAsDownUntilTheyDo() {
        reporter.readiness(ReadinessState.ACCEPTING_TRAFFIC);
        answers.release();
        refresh.now();
        await().until(() -> registry.status(HealthRegistry.SERVER) == SERVING);

        refresh.now();
        await().until(() -> registry.status(HealthRegistry.SERVER) == NOT_SERVING);

        answers.release();
        await().until(() -> registry.status(HealthRegistry.SERVER) == SERVING);
    }
}
