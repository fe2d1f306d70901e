// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What clients, load balancers and probes are told of our health.
 *
 * @param enabled Whether to offer gRPC's health service.
 * @param server Name of the server that offers the health service; every one, if *.
 * @param include Names of the health contributors that have to be up for the server as a whole, and for services without a
 * list of their own. Every one, if *.
 * @param exclude Names of health contributors that do not matter for them.
 * @param refreshInterval How often the health contributors are asked. 0 asks them only when the readiness of the
 * application changes.
 * @param services Health of single services, by full name in brackets, and of groups, by names that you choose; not liveness
 * and readiness, which tell what the application says of itself.
 */
@ConfigurationProperties("grpc.server.health")
record HealthProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("*") String server,
        @DefaultValue("*") Set<String> include,
        @DefaultValue Set<String> exclude,
        @DefaultValue("10s") Duration refreshInterval,
        @DefaultValue Map<String, Service> services) {

    HealthProperties {
        if (refreshInterval.isNegative()) {
            throw new IllegalArgumentException("refresh-interval: " + refreshInterval + " (expected: >= 0)");
        }
        for (String probe : HealthReporter.PROBES) {
            if (services.containsKey(probe)) {
                throw new IllegalArgumentException("services." + probe + " (expected: another name; '" + probe
                        + "' tells what the application says of itself, whatever its contributors say. For a probe that"
                        + " looks at contributors choose a name, and let the probe ask for that)");
            }
        }
    }

    /** What counts for a service. */
    ContributorGroup groupOf(String service) {
        Service own = services.get(service);
        return own == null
                ? new ContributorGroup(include, exclude)
                : new ContributorGroup(own.include(), own.exclude());
    }

    /**
     * What counts for a service instead of the above.
     *
     * @param include Names of the health contributors that have to be up for this service. Every one, if *.
     * @param exclude Names of health contributors that do not matter for this service.
     */
    record Service(
            @DefaultValue("*") Set<String> include,
            @DefaultValue Set<String> exclude) {}
}
