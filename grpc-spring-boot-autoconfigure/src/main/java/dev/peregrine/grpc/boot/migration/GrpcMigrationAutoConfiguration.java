// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Says in the log which properties of other starters there are, unless {@code grpc.migration.hints.enabled} is false. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "grpc.migration.hints.enabled", matchIfMissing = true)
public final class GrpcMigrationAutoConfiguration {

    /**
     * A post-processor runs when all sources of properties are there, those of {@code @PropertySource} too, and before any
     * bean: the hints are in the log also when the start fails for what they are about.
     */
    @Bean
    static BeanFactoryPostProcessor grpcMigrationHints(Environment environment) {
        return beans -> OldNameHints.log(environment, beans.getBeanClassLoader());
    }
}
