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
    public Map<String, Boolean> ask() {
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
        if (contributor instanceof HealthIndicator indicator) {
            return ask(name, indicator);
        }
        return !(contributor instanceof HealthContributors several)
                || several.stream().allMatch(entry -> isUp(name + '/' + entry.name(), entry.contributor()));
    }

    private static boolean ask(String name, HealthIndicator indicator) {
        try {
            Health health = indicator.health(false);
            boolean up = health != null && HEALTHY.contains(health.getStatus());
            if (!up) {
                log.debug("Health of '" + name + "': " + statusOf(health));
            }
            return up;
        } catch (RuntimeException failure) {
            log.warn("The health contributor '" + name + "' failed, and counts as down", failure);
            return false;
        }
    }

    private static String statusOf(@Nullable Health health) {
        return health == null ? "none" : health.getStatus().getCode();
    }
}
