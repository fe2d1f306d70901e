// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import static dev.peregrine.grpc.boot.migration.OldName.gone;
import static dev.peregrine.grpc.boot.migration.OldName.moved;
import static dev.peregrine.grpc.boot.migration.OldName.refused;

import java.util.ArrayList;
import java.util.List;

/** The names of Spring Boot 4.1's own gRPC support, and of Spring gRPC 1.0, which it comes from. */
final class SpringGrpcNames {

    /** In what Spring Boot's own support and Spring gRPC both stand on. */
    private static final String READER = "org.springframework.grpc.client.GrpcChannelFactory";

    private static final String OWN_PORT = "servers have a port of their own";

    private static final String NO_OBSERVATION = "this starter has no observations of its own yet";

    private static final String MEMBERSHIP =
            "names of health contributors in include and exclude are taken as they are written";

    static final OldNames SERVER = new OldNames(
            "Spring Boot, server",
            READER,
            List.of(
                    moved("spring.grpc.server.enabled", "grpc.server.enabled"),
                    moved("spring.grpc.server.factory.enabled", "grpc.server.enabled"),
                    moved("spring.grpc.server.address", "grpc.server.address"),
                    moved("spring.grpc.server.host", "grpc.server.address"),
                    moved("spring.grpc.server.port", "grpc.server.port"),
                    moved("spring.grpc.server.inprocess.name", "grpc.server.address", "inprocess:<name>"),
                    gone("spring.grpc.server.inprocess.exclusive", "an inprocess: address is exclusive"),
                    moved("spring.grpc.server.netty.domain-socket-path", "grpc.server.address", "unix:<path>"),
                    gone("spring.grpc.server.netty.transport", "what grpc.server.address says decides"),
                    moved("spring.grpc.server.inbound.message.max-size", "grpc.server.limits.max-message-size"),
                    moved("spring.grpc.server.inbound.metadata.max-size", "grpc.server.limits.max-metadata-size"),
                    moved("spring.grpc.server.max-inbound-message-size", "grpc.server.limits.max-message-size"),
                    moved("spring.grpc.server.max-inbound-metadata-size", "grpc.server.limits.max-metadata-size"),
                    moved("spring.grpc.server.keepalive.time", "grpc.server.keepalive.time"),
                    moved("spring.grpc.server.keepalive.timeout", "grpc.server.keepalive.timeout"),
                    moved("spring.grpc.server.keepalive.permit.time", "grpc.server.keepalive.permit.time"),
                    moved(
                            "spring.grpc.server.keepalive.permit.without-calls",
                            "grpc.server.keepalive.permit.without-calls"),
                    moved(
                            "spring.grpc.server.keepalive.connection.max-idle-time",
                            "grpc.server.connection.max-idle-time",
                            "15m unless set, not unlimited"),
                    moved("spring.grpc.server.keepalive.connection.max-age", "grpc.server.connection.max-age"),
                    moved(
                            "spring.grpc.server.keepalive.connection.grace-period",
                            "grpc.server.connection.max-age-grace"),
                    moved("spring.grpc.server.keep-alive.permit-time", "grpc.server.keepalive.permit.time"),
                    moved(
                            "spring.grpc.server.keep-alive.permit-without-calls",
                            "grpc.server.keepalive.permit.without-calls"),
                    moved("spring.grpc.server.keep-alive.max-idle", "grpc.server.connection.max-idle-time"),
                    moved("spring.grpc.server.keep-alive.max-age", "grpc.server.connection.max-age"),
                    moved("spring.grpc.server.keep-alive.max-age-grace", "grpc.server.connection.max-age-grace"),
                    moved(
                            "spring.grpc.server.shutdown.grace-period",
                            "grpc.server.shutdown.grace-period",
                            "no longer than spring.lifecycle.timeout-per-shutdown-phase"),
                    moved("spring.grpc.server.shutdown-grace-period", "grpc.server.shutdown.grace-period"),
                    refused("spring.grpc.server.ssl.enabled", "grpc.server.ssl.enabled", ""),
                    refused("spring.grpc.server.ssl.bundle", "grpc.server.ssl.bundle", ""),
                    refused("spring.grpc.server.ssl.client-auth", "grpc.server.ssl.client-auth", ""),
                    gone("spring.grpc.server.ssl.secure", "certificates of clients are always verified"),
                    moved(
                            "spring.grpc.server.reflection.enabled",
                            "grpc.server.reflection.enabled",
                            "unless set, reflection is there in development and test profiles only"),
                    moved("spring.grpc.server.health.enabled", "grpc.server.health.enabled"),
                    moved("spring.grpc.server.health.service.*.include", "grpc.server.health.services.*.include"),
                    moved("spring.grpc.server.health.service.*.exclude", "grpc.server.health.services.*.exclude"),
                    gone("spring.grpc.server.health.service.*.status.**", "UP and UNKNOWN are up, the rest is down"),
                    gone("spring.grpc.server.health.status.**", "UP and UNKNOWN are up, the rest is down"),
                    gone("spring.grpc.server.health.services.validate-membership", MEMBERSHIP),
                    gone("spring.grpc.server.health.include-overall-health", "the empty name is always answered"),
                    moved("spring.grpc.server.health.schedule.period", "grpc.server.health.refresh-interval"),
                    moved(
                            "spring.grpc.server.health.schedule.enabled",
                            "grpc.server.health.refresh-interval",
                            "0 for false"),
                    gone("spring.grpc.server.health.schedule.delay", "health is asked before the first answer"),
                    moved("spring.grpc.server.health.actuator.enabled", "grpc.server.health.enabled"),
                    moved("spring.grpc.server.health.actuator.health-indicator-paths", "grpc.server.health.include"),
                    moved("spring.grpc.server.health.actuator.update-rate", "grpc.server.health.refresh-interval"),
                    gone(
                            "spring.grpc.server.health.actuator.update-initial-delay",
                            "health is asked before the first answer"),
                    gone(
                            "spring.grpc.server.health.actuator.update-overall-health",
                            "the empty name is always answered"),
                    gone("spring.grpc.server.exception-handling.enabled", "without advice nothing is handled"),
                    gone("spring.grpc.server.observation.enabled", NO_OBSERVATION),
                    gone("spring.grpc.server.security.csrf.enabled", "gRPC calls do not pass the web filters"),
                    gone("spring.grpc.server.servlet.**", OWN_PORT)));

    static final OldNames CLIENT = new OldNames("Spring Boot, client", READER, clients());

    private SpringGrpcNames() {}

    private static List<OldName> clients() {
        List<OldName> names = new ArrayList<>();
        for (String channel : List.of("channel.*", "channels.*", "default-channel")) {
            boolean isNewest = channel.equals("channel.*");
            String here = "grpc.client." + (channel.endsWith("*") ? "*" : "default") + '.';
            String there = "spring.grpc.client." + channel + '.';
            names.add(moved(there + (isNewest ? "target" : "address"), here + "target", "static:// falls away"));
            names.add(moved(there + (isNewest ? "default.deadline" : "default-deadline"), here + "deadline"));
            names.add(moved(
                    there + (isNewest ? "idle.timeout" : "idle-timeout"), here + "idle-timeout", "30m unless set"));
            names.add(moved(there + "user-agent", here + "user-agent"));
            String message = isNewest ? "inbound.message.max-size" : "max-inbound-message-size";
            names.add(moved(there + message, here + "limits.max-message-size"));
            String metadata = isNewest ? "inbound.metadata.max-size" : "max-inbound-metadata-size";
            names.add(moved(there + metadata, here + "limits.max-metadata-size"));
            String keepAlive = isNewest ? "keepalive." : "keep-alive-";
            names.add(moved(there + keepAlive + "time", here + "keepalive.time", "off unless set"));
            names.add(moved(there + keepAlive + "timeout", here + "keepalive.timeout"));
            names.add(moved(there + keepAlive + "without-calls", here + "keepalive.without-calls"));
            names.add(refused(there + "ssl.enabled", here + "ssl.enabled", ""));
            names.add(refused(there + "ssl.bundle", here + "ssl.bundle", ""));
            names.add(gone(
                    there + (isNewest ? "bypass-certificate-validation" : "secure"), "servers are always verified"));
            String policy = isNewest ? "default.load-balancing-policy" : "default-load-balancing-policy";
            names.add(gone(there + policy, "a channel has one connection"));
            names.add(gone(there + "health.**", "clients do not ask for the health of servers"));
            names.add(gone(there + "service-config.**", "retries, hedging and balancing are not there yet"));
            if (!isNewest) {
                names.add(moved(there + "enable-keep-alive", here + "keepalive.time", "on if that is set"));
                names.add(refused(there + "negotiation-type", here + "ssl.enabled", "true for TLS"));
            }
        }
        names.add(gone("spring.grpc.client.default-stub-factory", "generated clients need no factory"));
        names.add(moved("spring.grpc.client.enabled", "grpc.client.enabled"));
        names.add(gone("spring.grpc.client.channelfactory.enabled", "without a client there is no channel"));
        names.add(gone("spring.grpc.client.inprocess.**", "the target decides: inprocess:<name>"));
        names.add(gone("spring.grpc.client.observation.enabled", NO_OBSERVATION));
        return List.copyOf(names);
    }
}
