// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.peregrine.grpc.services.health.HealthRegistry;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/**
 * Puts what is known of the application together, and reports it: nothing is SERVING before the application accepts traffic
 * and the contributors that matter have said that they are up.
 *
 * <p>For any thread; reports happen in the order of what they report.
 */
final class HealthReporter {

    /** Whether the process works at all, for a probe that restarts it if not. */
    static final String LIVENESS = "liveness";

    /** Whether the application accepts traffic, whatever its contributors say. */
    static final String READINESS = "readiness";

    static final Set<String> PROBES = Set.of(LIVENESS, READINESS);

    private static final Log log = LogFactory.getLog(HealthReporter.class);

    private final HealthRegistry registry;
    private final HealthProperties properties;
    private final Set<String> services = new TreeSet<>(Set.of(HealthRegistry.SERVER));
    private final Set<String> missed = new HashSet<>();
    private boolean alive;
    private boolean accepting;

    /** Null until they have answered, and while they do not. */
    private @Nullable Map<String, Boolean> contributors;

    HealthReporter(HealthRegistry registry, HealthProperties properties) {
        this.registry = registry;
        this.properties = properties;
        services.addAll(properties.services().keySet());
        report();
    }

    /** There is a service of this full name. */
    synchronized void add(String service) {
        if (services.add(service)) {
            report();
        }
    }

    synchronized void liveness(LivenessState state) {
        alive = state == LivenessState.CORRECT;
        report();
    }

    synchronized void readiness(ReadinessState state) {
        accepting = state == ReadinessState.ACCEPTING_TRAFFIC;
        report();
    }

    /** The contributors were asked. */
    synchronized void contributors(Map<String, Boolean> up) {
        contributors = Map.copyOf(up);
        services.forEach(service -> warnOfUnknown(service, up.keySet()));
        report();
    }

    /** They were asked and do not answer, or cannot be asked. */
    synchronized void contributorsSilent() {
        contributors = null;
        report();
    }

    /** Everything is NOT_SERVING from now on, but for the process itself: nobody should restart what ends by itself. */
    void leave() {
        registry.leave(Set.of(LIVENESS));
    }

    void stay() {
        registry.stay();
    }

    private synchronized void report() {
        registry.report(LIVENESS, status(alive));
        registry.report(READINESS, status(accepting));
        for (String service : services) {
            Map<String, Boolean> up = contributors;
            boolean healthy =
                    accepting && up != null && properties.groupOf(service).isUp(up);
            registry.report(service, status(healthy));
        }
    }

    private static ServingStatus status(boolean serving) {
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private void warnOfUnknown(String service, Set<String> known) {
        Set<String> unknown = properties.groupOf(service).unknownAmong(known);
        unknown.removeAll(missed);
        if (unknown.isEmpty()) {
            return;
        }
        missed.addAll(unknown);
        log.warn("grpc.server.health includes " + unknown + " for "
                + (service.isEmpty() ? "the server" : "the service '" + service + "'")
                + ", which is NOT_SERVING because of that: there are only the health contributors "
                + new TreeSet<>(known) + ". Correct the name, or remove it.");
    }
}
