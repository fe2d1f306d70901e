// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.List;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;

/**
 * Finds properties under {@code grpc.server} that other starters have there and that would silently do nothing here. Most
 * are said in the log, with the name that they have here; those that would have made the server speak TLS are refused.
 */
final class ForeignProperties {

    private static final Log log = LogFactory.getLog(ForeignProperties.class);

    /** What does the same here. */
    static final Map<String, String> REPLACEMENTS = Map.ofEntries(
            Map.entry("in-process-name", "address"),
            Map.entry("keep-alive-time", "keepalive.time"),
            Map.entry("keep-alive-timeout", "keepalive.timeout"),
            Map.entry("max-connection-age", "connection.max-age"),
            Map.entry("max-connection-age-grace", "connection.max-age-grace"),
            Map.entry("max-connection-idle", "connection.max-idle-time"),
            Map.entry("max-inbound-message-size", "limits.max-message-size"),
            Map.entry("max-inbound-metadata-size", "limits.max-metadata-size"),
            Map.entry("permit-keep-alive-time", "keepalive.permit.time"),
            Map.entry("permit-keep-alive-without-calls", "keepalive.permit.without-calls"),
            Map.entry("shutdown-grace-period", "shutdown.grace-period"));

    private static final List<String> TLS =
            List.of("security.certificate-chain", "security.private-key", "security.key-store");

    private ForeignProperties() {}

    /**
     * @throws FailureAnalyzedException if the server would have been expected to speak TLS
     */
    static void check(Environment environment) {
        for (String name : TLS) {
            if (isSet(environment, name)) {
                throw new FailureAnalyzedException(
                        full(name) + " is set, but TLS is not set up that way here: the server would speak plaintext.",
                        "Define an SSL bundle with certificate and key under spring.ssl.bundle.pem or .jks, name it in "
                                + full("ssl.bundle") + ", and remove " + full("security") + ".*.");
            }
        }
        REPLACEMENTS.forEach((name, replacement) -> {
            if (isSet(environment, name)) {
                log.warn(full(name) + " is set, but there is no such property: set " + full(replacement) + " instead.");
            }
        });
    }

    private static boolean isSet(Environment environment, String name) {
        ConfigurationPropertyName full = ConfigurationPropertyName.of(full(name));
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.getConfigurationProperty(full) != null) {
                return true;
            }
        }
        return false;
    }

    private static String full(String name) {
        return ConfiguredServers.DEFAULT_PREFIX + '.' + name;
    }
}
