// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call what.
 *
 * @param enabled Whether callers are asked who they are. If false every method is open to everybody.
 * @param rules Who may call which methods, the first that matches a method holds. What none matches is closed, unless credentials can be checked and there is no rule at all: then everybody may who has some.
 * @param health Whether health checks need credentials: those of Kubernetes have none.
 * @param x509 Whether certificates of clients say who calls.
 * @param maxConcurrentAuthentications How many credentials are checked at once, where that waits for something or is slow by design: passwords, opaque tokens, providers of the application. More end with RESOURCE_EXHAUSTED.
 */
@ConfigurationProperties("grpc.security")
record GrpcSecurityProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<AccessRuleProperties> rules,
        @DefaultValue("open") HealthAccess health,
        @DefaultValue("false") boolean x509,
        @DefaultValue("100") int maxConcurrentAuthentications) {

    GrpcSecurityProperties {
        rules = List.copyOf(rules);
        if (maxConcurrentAuthentications < 1) {
            throw new IllegalArgumentException("grpc.security.max-concurrent-authentications is "
                    + maxConcurrentAuthentications + "; it has to be at least 1");
        }
    }

    /** Who may call {@code grpc.health.v1.Health}. */
    enum HealthAccess {
        /** Everybody. */
        OPEN,
        /** Whom the rules let. */
        BY_RULES
    }
}
