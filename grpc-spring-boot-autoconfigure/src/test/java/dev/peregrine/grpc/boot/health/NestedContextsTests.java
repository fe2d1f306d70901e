// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.boot.fixture.Applications;
import dev.peregrine.grpc.boot.fixture.HealthProbe;
import dev.peregrine.grpc.boot.server.GrpcServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A parent with a server, and contexts below it, whose events it hears. */
@Timeout(60)
class NestedContextsTests {

    private ConfigurableApplicationContext parent;
    private HealthProbe probe;

    @BeforeEach
    void startParent() {
        parent = Applications.run(GrpcHealthTests.Minimal.class);
        probe = new HealthProbe(parent);
        await().until(() -> probe.check("") == SERVING);
    }

    @AfterEach
    void stop() {
        probe.close();
        parent.close();
    }

    @Test
    void theAvailabilityOfAChildIsNotThatOfItsParent() {
        try (ConfigurableApplicationContext child = childOf(parent, Plain.class)) {
            AvailabilityChangeEvent.publish(child, ReadinessState.REFUSING_TRAFFIC);
            AvailabilityChangeEvent.publish(child, LivenessState.BROKEN);
            assertThat(probe.list()).doesNotContainValue(NOT_SERVING);

            AvailabilityChangeEvent.publish(parent, ReadinessState.REFUSING_TRAFFIC);
            AvailabilityChangeEvent.publish(child, ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(probe.check("")).isEqualTo(NOT_SERVING);
        }
    }

    @Test
    void aChildThatStopsItsServersDoesNotTakeThoseOfItsParentAway() {
        try (ConfigurableApplicationContext child = childOf(parent, GrpcHealthTests.Minimal.class)) {
            assertThat(child.getBean(GrpcServers.class)).isNotSameAs(parent.getBean(GrpcServers.class));
            assertThat(child.getBean(GrpcServers.class).isRunning(GrpcServers.DEFAULT))
                    .isTrue();
        }
        assertThat(probe.list()).doesNotContainValue(NOT_SERVING);
    }

    @Test
    void whatAComponentFindsBrokenCountsWhereverItKnowsItFrom() {
        AvailabilityChangeEvent.publish(parent, new IllegalStateException("beyond repair"), LivenessState.BROKEN);

        assertThat(probe.check("liveness")).isEqualTo(NOT_SERVING);
    }

    private static ConfigurableApplicationContext childOf(
            ConfigurableApplicationContext parent, Class<?> configuration) {
        return Applications.builder(configuration).parent(parent).run();
    }

    @Configuration(proxyBeanMethods = false)
    static class Plain {}
}
