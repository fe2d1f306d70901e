// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import dev.peregrine.grpc.boot.server.GrpcServerStartedEvent;
import dev.peregrine.grpc.boot.server.GrpcServersStoppingEvent;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

/** Hears what happens to the application, and hands it to those it concerns. */
final class HealthEvents implements ApplicationListener<ApplicationEvent> {

    private final HealthReporter reporter;
    private final HealthRefresh refresh;

    HealthEvents(HealthReporter reporter, HealthRefresh refresh) {
        this.reporter = reporter;
        this.refresh = refresh;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof AvailabilityChangeEvent<?> change) {
            availability(change.getState());
        } else if (event instanceof GrpcServersStoppingEvent) {
            reporter.leave();
        } else if (event instanceof GrpcServerStartedEvent) {
            reporter.stay();
        }
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
