// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How all servers end when the application does.
 *
 * @param gracePeriod How long calls that were accepted may go on when the application stops. Those that remain are
 * cancelled then; with 0 at once. No longer than spring.lifecycle.timeout-per-shutdown-phase, whatever this says.
 */
@ConfigurationProperties("grpc.server.shutdown")
record ShutdownProperties(@DefaultValue("30s") Duration gracePeriod) {

    ShutdownProperties {
        if (gracePeriod.isNegative()) {
            throw new IllegalArgumentException("grace-period: " + gracePeriod + " (expected: >= 0)");
        }
    }
}
