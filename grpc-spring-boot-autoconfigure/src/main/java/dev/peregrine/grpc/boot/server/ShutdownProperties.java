// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * How all servers end when the application does.
 *
 * @param gracePeriod How long calls that were accepted may go on when the application stops. Those that remain are
 * cancelled then; with 0 at once. No longer than spring.lifecycle.timeout-per-shutdown-phase, whatever this says.
 * @param preDrainDelay How long the servers go on as usual after the application has begun to close and health says
 * NOT_SERVING, so that load balancers go elsewhere first. 5s on Kubernetes, else 0, if not set. Counts against
 * spring.lifecycle.timeout-per-shutdown-phase like the grace period.
 */
@ConfigurationProperties("grpc.server.shutdown")
record ShutdownProperties(
        @DefaultValue("30s") Duration gracePeriod, @Nullable Duration preDrainDelay) {

    /**
     * Kubernetes takes a pod out of its endpoints while it stops it already; every proxy and client hears of that within a
     * few seconds.
     */
    private static final Duration KUBERNETES_DELAY = Duration.ofSeconds(5);

    ShutdownProperties {
        if (gracePeriod.isNegative()) {
            throw new IllegalArgumentException("grace-period: " + gracePeriod + " (expected: >= 0)");
        }
        if (preDrainDelay != null && preDrainDelay.isNegative()) {
            throw new IllegalArgumentException("pre-drain-delay: " + preDrainDelay + " (expected: >= 0)");
        }
    }

    /** The delay that was set, or the one that suits where we run. */
    Duration preDrainDelayIn(Environment environment) {
        if (preDrainDelay != null) {
            return preDrainDelay;
        }
        return CloudPlatform.KUBERNETES.isActive(environment) ? KUBERNETES_DELAY : Duration.ZERO;
    }
}
