// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import dev.peregrine.grpc.boot.server.GrpcServerStartedEvent;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcServersStoppingEvent;
import java.util.Objects;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

/**
 * Hears what happens to the application, and hands it to those it concerns. Contexts hear what their children publish as well:
 * the availability of a child, and its servers, are not ours.
 */
final class HealthEvents implements ApplicationListener<ApplicationEvent> {

    private final ApplicationContext context;
    private final GrpcServers servers;
    private final HealthReporter reporter;
    private final HealthRefresh refresh;

    HealthEvents(ApplicationContext context, GrpcServers servers, HealthReporter reporter, HealthRefresh refresh) {
        this.context = context;
        this.servers = servers;
        this.reporter = reporter;
        this.refresh = refresh;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof AvailabilityChangeEvent<?> change) {
            if (!isOfAnotherContext(change.getSource())) {
                availability(change.getState());
            }
        } else if (event.getSource() != servers) {
            return;
        } else if (event instanceof GrpcServersStoppingEvent) {
            reporter.leave();
        } else if (event instanceof GrpcServerStartedEvent) {
            reporter.stay();
        }
    }

    /**
     * Spring Boot publishes with the context as the source, components with whatever they know to be broken. By id, as tests
     * wrap contexts.
     */
    private boolean isOfAnotherContext(Object source) {
        return source instanceof ApplicationContext other && !Objects.equals(other.getId(), context.getId());
    }

    private void availability(Object state) {
        if (state instanceof LivenessState liveness) {
            reporter.liveness(liveness);
        } else if (state instanceof ReadinessState readiness) {
            reporter.readiness(readiness);
            if (readiness == ReadinessState.ACCEPTING_TRAFFIC) {
                refresh.now();
            }
        }
    }
}
