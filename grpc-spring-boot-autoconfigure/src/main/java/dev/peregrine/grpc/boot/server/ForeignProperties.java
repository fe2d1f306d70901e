// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.List;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;

/**
 * Finds properties under {@code grpc.server} that would have made the server of another starter speak TLS, and refuses
 * them; others the log answers with the name that they have here.
 */
final class ForeignProperties {

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
