// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.List;
import java.util.Locale;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Properties of grpc-spring (net.devh), which reads the same prefix, and under {@code GLOBAL} what we read under
 * {@code default}. Applications that come from there have them. Those that ask for encryption stop the start unless ours
 * ask for it too: ignored, they would send in the clear what was meant to be encrypted.
 */
final class ForeignProperties {

    static final String ADDRESS = "address";

    private static final String NEGOTIATION = "negotiation-type";

    private static final String SECURITY = "security";

    private static final String GLOBAL = "global";

    private final ClientSettings settings;

    ForeignProperties(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * @throws FailureAnalyzedException if they ask for more than ours do
     */
    void refuse(String name, GrpcClientProperties ours) {
        for (String owner : List.of(name, ClientSettings.DEFAULT, GLOBAL)) {
            String negotiation = settings.text(owner, NEGOTIATION);
            if (negotiation != null && !agrees(negotiation, ours)) {
                throw refused(name, owner, NEGOTIATION, "is '" + negotiation + "'");
            }
            if (negotiation != null) {
                break; // the nearest counted there, too
            }
        }
        for (String owner : List.of(name, ClientSettings.DEFAULT, GLOBAL)) {
            String security = settings.firstUnder(owner, SECURITY);
            if (security != null) {
                throw refused(name, owner, security, "is set");
            }
        }
    }

    private static boolean agrees(String negotiation, GrpcClientProperties ours) {
        return negotiation.trim().toUpperCase(Locale.ROOT).equals(ours.ssl().isOn() ? "TLS" : "PLAINTEXT");
    }

    private static FailureAnalyzedException refused(String name, String owner, String property, String found) {
        return new FailureAnalyzedException(
                "The gRPC client '" + name + "' does not start: " + ClientSettings.property(owner, property) + " "
                        + found + ", which is a property of another library and would be ignored.",
                "Remove it. For encrypted calls set " + ClientSettings.property(name, "ssl.enabled") + "=true, and "
                        + ClientSettings.property(name, "ssl.bundle")
                        + " to an SSL bundle if the Java runtime does not trust the server, or the server asks who we"
                        + " are; for another name than the target's, "
                        + ClientSettings.property(name, "authority") + ". For calls in the clear set "
                        + ClientSettings.property(name, "ssl.enabled") + "=false.");
    }
}
