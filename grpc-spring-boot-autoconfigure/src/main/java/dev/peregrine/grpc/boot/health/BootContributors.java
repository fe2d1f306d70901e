// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** The contributors of Spring Boot's registries. */
final class BootContributors implements Contributors {

    private static final Log log = LogFactory.getLog(BootContributors.class);

    /** What Spring Boot's own health endpoint answers with 200, too. */
    private static final Set<Status> HEALTHY = Set.of(Status.UP, Status.UNKNOWN);

    /** They repeat what we hear from events, and may be a moment behind. */
    private static final Set<String> AVAILABILITY = Set.of("livenessState", "readinessState");

    private final List<HealthContributors> registries;

    BootContributors(List<HealthContributors> registries) {
        this.registries = List.copyOf(registries);
    }

    @Override
    public Map<String, Boolean> check() {
        Map<String, Boolean> up = new HashMap<>();
        for (HealthContributors registry : registries) {
            registry.stream()
                    .filter(entry -> !AVAILABILITY.contains(entry.name()))
                    .forEach(entry ->
                            up.merge(entry.name(), isUp(entry.name(), entry.contributor()), Boolean::logicalAnd));
        }
        return up;
    }

    private static boolean isUp(String name, HealthContributor contributor) {
        try {
            if (contributor instanceof HealthIndicator indicator) {
                return isHealthy(name, indicator.health(false));
            }
            return !(contributor instanceof HealthContributors several)
                    || several.stream().allMatch(entry -> isUp(name + '/' + entry.name(), entry.contributor()));
        } catch (RuntimeException | Error failure) { // An Error of one is no reason to know nothing of the others.
            log.warn("The health contributor '" + name + "' failed, and counts as down", failure);
            return false;
        }
    }

    private static boolean isHealthy(String name, @Nullable Health health) {
        boolean healthy = health != null && HEALTHY.contains(health.getStatus());
        if (!healthy) {
            log.debug("Health of '" + name + "': "
                    + (health == null ? "none" : health.getStatus().getCode()));
        }
        return healthy;
    }
}
