// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import static dev.peregrine.grpc.boot.migration.OldName.gone;
import static dev.peregrine.grpc.boot.migration.OldName.moved;
import static dev.peregrine.grpc.boot.migration.OldName.refused;

import java.util.List;

/** The names of {@code io.github.lognet:grpc-spring-boot-starter}, version 5. */
final class LogNetNames {

    private static final String KEYSTORE = "a bundle with the certificate and the key in its keystore";

    private static final String BY_ANNOTATION = "the order of interceptors is that of @Order";

    private static final String BY_RULES = "rules say who may call what, in properties or by a GrpcSecurityChain";

    static final OldNames ALL = new OldNames(
            "LogNet",
            null,
            List.of(
                    moved("grpc.enabled", "grpc.server.enabled"),
                    moved("grpc.port", "grpc.server.port", "9090 unless set, not 6565"),
                    moved("grpc.in-process-server-name", "grpc.server.address", "inprocess:<name>"),
                    moved("grpc.enable-reflection", "grpc.server.reflection.enabled"),
                    moved("grpc.shutdown-grace", "grpc.server.shutdown.grace-period", "30s unless set, not 0"),
                    gone("grpc.start-up-phase", "servers start last and drain with the web server"),
                    moved("grpc.netty-server.primary-listen-address", "grpc.server.address"),
                    moved("grpc.netty-server.additional-listen-addresses", "grpc.server.address", "a list"),
                    gone("grpc.netty-server.on-collision-prefer-shaded-netty", "there is one Netty"),
                    moved("grpc.netty-server.flow-control-window", "grpc.server.limits.stream-window"),
                    moved("grpc.netty-server.initial-flow-control-window", "grpc.server.limits.stream-window"),
                    moved(
                            "grpc.netty-server.max-concurrent-calls-per-connection",
                            "grpc.server.limits.max-concurrent-calls-per-connection",
                            "1000 unless set, not unlimited"),
                    moved("grpc.netty-server.keep-alive-time", "grpc.server.keepalive.time"),
                    moved("grpc.netty-server.keep-alive-timeout", "grpc.server.keepalive.timeout"),
                    moved("grpc.netty-server.permit-keep-alive-time", "grpc.server.keepalive.permit.time"),
                    moved(
                            "grpc.netty-server.permit-keep-alive-without-calls",
                            "grpc.server.keepalive.permit.without-calls"),
                    moved("grpc.netty-server.max-connection-age", "grpc.server.connection.max-age"),
                    moved("grpc.netty-server.max-connection-age-grace", "grpc.server.connection.max-age-grace"),
                    moved("grpc.netty-server.max-connection-idle", "grpc.server.connection.max-idle-time"),
                    moved("grpc.netty-server.max-inbound-message-size", "grpc.server.limits.max-message-size"),
                    moved("grpc.netty-server.max-inbound-metadata-size", "grpc.server.limits.max-metadata-size"),
                    refused("grpc.security.cert-chain", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.security.private-key", "grpc.server.ssl.bundle", KEYSTORE),
                    gone("grpc.security.auth.**", BY_RULES),
                    gone("grpc.recovery.interceptor-order", BY_ANNOTATION),
                    gone("grpc.validation.interceptor-order", BY_ANNOTATION),
                    gone("grpc.metrics.interceptor-order", BY_ANNOTATION),
                    gone("grpc.consul.**", "servers are not registered; Spring Cloud registers the application")));

    private LogNetNames() {}
}
