// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import org.apache.commons.logging.LogFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.security.authorization.AuthorizationManager;

/** Says so where Spring Security is there, and kept away from gRPC. */
@AutoConfiguration
@ConditionalOnClass(AuthorizationManager.class)
@ConditionalOnBooleanProperty(name = "grpc.server.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "grpc.security.enabled", havingValue = false)
final class GrpcOpenToAllAutoConfiguration {

    GrpcOpenToAllAutoConfiguration() {
        LogFactory.getLog(GrpcOpenToAllAutoConfiguration.class)
                .warn(
                        "grpc.security.enabled is false: every method of every gRPC server is open to everybody, but for what"
                                + " interceptors of the application and annotations such as @PreAuthorize refuse");
    }
}
