// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import static dev.peregrine.grpc.boot.migration.OldName.gone;
import static dev.peregrine.grpc.boot.migration.OldName.moved;
import static dev.peregrine.grpc.boot.migration.OldName.refused;

import java.util.ArrayList;
import java.util.List;

/** The names of {@code net.devh:grpc-server-spring-boot-starter} and {@code grpc-client-spring-boot-starter}, version 3. */
final class NetDevhNames {

    private static final String NO_UNLIMITED = "name a size; nothing stands for unlimited";

    private static final String KEYSTORE = "a bundle with the certificate and the key in its keystore";

    private static final String TRUSTSTORE = "a bundle with the authorities in its truststore";

    private static final String OPTIONS = "a bundle with it among its options";

    static final OldNames SERVER = new OldNames(
            "net.devh, server",
            null,
            List.of(
                    moved("grpc.server.in-process-name", "grpc.server.address", "inprocess:<name>"),
                    moved("grpc.server.shutdown-grace-period", "grpc.server.shutdown.grace-period"),
                    moved(
                            "grpc.server.enable-keep-alive",
                            "grpc.server.keepalive.time",
                            "silent clients are asked every two hours; 0 never asks"),
                    moved("grpc.server.keep-alive-time", "grpc.server.keepalive.time"),
                    moved("grpc.server.keep-alive-timeout", "grpc.server.keepalive.timeout"),
                    moved("grpc.server.permit-keep-alive-time", "grpc.server.keepalive.permit.time"),
                    moved("grpc.server.permit-keep-alive-without-calls", "grpc.server.keepalive.permit.without-calls"),
                    moved("grpc.server.max-connection-idle", "grpc.server.connection.max-idle-time"),
                    moved("grpc.server.max-connection-age", "grpc.server.connection.max-age"),
                    moved("grpc.server.max-connection-age-grace", "grpc.server.connection.max-age-grace"),
                    moved("grpc.server.max-inbound-message-size", "grpc.server.limits.max-message-size", NO_UNLIMITED),
                    moved(
                            "grpc.server.max-inbound-metadata-size",
                            "grpc.server.limits.max-metadata-size",
                            NO_UNLIMITED),
                    moved("grpc.server.health-service-enabled", "grpc.server.health.enabled"),
                    moved(
                            "grpc.server.health-service.type",
                            "grpc.server.health.enabled",
                            "health is always that of the application, as with ACTUATOR, and false is NONE"),
                    moved(
                            "grpc.server.reflection-service-enabled",
                            "grpc.server.reflection.enabled",
                            "unless set, reflection is there in development and test profiles only"),
                    refused("grpc.server.security.enabled", "grpc.server.ssl.enabled", "needs a bundle in ssl.bundle"),
                    refused("grpc.server.security.client-auth", "grpc.server.ssl.client-auth", ""),
                    refused("grpc.server.security.certificate-chain", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.server.security.private-key", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.server.security.private-key-password", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.server.security.key-store", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.server.security.key-store-format", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.server.security.key-store-password", "grpc.server.ssl.bundle", KEYSTORE),
                    refused("grpc.server.security.trust-cert-collection", "grpc.server.ssl.bundle", TRUSTSTORE),
                    refused("grpc.server.security.trust-store", "grpc.server.ssl.bundle", TRUSTSTORE),
                    refused("grpc.server.security.trust-store-format", "grpc.server.ssl.bundle", TRUSTSTORE),
                    refused("grpc.server.security.trust-store-password", "grpc.server.ssl.bundle", TRUSTSTORE),
                    moved("grpc.server.security.ciphers", "grpc.server.ssl.bundle", OPTIONS),
                    moved("grpc.server.security.protocols", "grpc.server.ssl.bundle", OPTIONS)));

    static final OldNames CLIENT = new OldNames("net.devh, client", null, clients());

    private NetDevhNames() {}

    private static List<OldName> clients() {
        List<OldName> names = new ArrayList<>();
        client(names, "address", "target", "host:port or dns:///host:port; static: and discovery: are not understood");
        client(names, "default-request-timeout", "deadline", "");
        client(names, "enable-keep-alive", "keepalive.time", "silent servers are asked if that is set, and else not");
        client(names, "keep-alive-time", "keepalive.time", "");
        client(names, "keep-alive-timeout", "keepalive.timeout", "");
        client(names, "keep-alive-without-calls", "keepalive.without-calls", "");
        client(names, "shutdown-grace-period", "shutdown.grace-period", "");
        client(names, "max-inbound-message-size", "limits.max-message-size", NO_UNLIMITED);
        client(names, "max-inbound-metadata-size", "limits.max-metadata-size", NO_UNLIMITED);
        refusedClient(
                names,
                "negotiation-type",
                "ssl.enabled",
                "true for TLS, false for PLAINTEXT, which is the default here");
        client(names, "security.authority-override", "authority", "");
        for (String keystore : List.of(
                "client-auth-enabled",
                "certificate-chain",
                "private-key",
                "private-key-password",
                "key-store",
                "key-store-format",
                "key-store-password")) {
            refusedClient(names, "security." + keystore, "ssl.bundle", KEYSTORE);
        }
        for (String truststore :
                List.of("trust-cert-collection", "trust-store", "trust-store-format", "trust-store-password")) {
            refusedClient(names, "security." + truststore, "ssl.bundle", TRUSTSTORE);
        }
        client(names, "security.ciphers", "ssl.bundle", OPTIONS);
        client(names, "security.protocols", "ssl.bundle", OPTIONS);
        names.add(gone("grpc.client.*.default-load-balancing-policy", "a channel has one connection"));
        names.add(gone("grpc.client.*.immediate-connect-timeout", "channels connect with the first call"));
        names.add(gone("grpc.default-scheme", "a target without a scheme is host:port"));
        names.add(gone("grpc.metricsA66Enabled", "this starter has no metrics of its own yet"));
        return List.copyOf(names);
    }

    /** What is under {@code GLOBAL} there is under {@code default} here. */
    private static void client(List<OldName> names, String old, String replacement, String note) {
        names.add(moved("grpc.client.GLOBAL." + old, "grpc.client.default." + replacement, note));
        names.add(moved("grpc.client.*." + old, "grpc.client.*." + replacement, note));
    }

    private static void refusedClient(List<OldName> names, String old, String replacement, String note) {
        names.add(refused("grpc.client.GLOBAL." + old, "grpc.client.default." + replacement, note));
        names.add(refused("grpc.client.*." + old, "grpc.client.*." + replacement, note));
    }
}
