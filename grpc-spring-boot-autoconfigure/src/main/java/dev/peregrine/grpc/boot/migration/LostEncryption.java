// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Ends the start where a property of another starter asks for encryption, or for the certificates of callers, and none of ours
 * says anything about it: ignored, it would send in the clear what was meant to be encrypted. Ours are an answer whatever they
 * say, plaintext too. Does not depend on {@code grpc.migration.hints.enabled}.
 */
public final class LostEncryption {

    private static final String ENABLED = "ssl.enabled";

    private static final String BUNDLE = "ssl.bundle";

    private static final String CLIENT_AUTH = "ssl.client-auth";

    /** What addresses of net.devh's begin with that are never encrypted there. */
    private static final String IN_PROCESS = "in-process:";

    private static final String SERVER = "grpc.server";

    /** What asks for nothing, whichever property says it. */
    private static final Set<String> NOTHING = Set.of("", "false", "none", "plaintext", "plaintext-upgrade");

    private final OldProperties old;

    public LostEncryption(OldProperties old) {
        this.old = old;
    }

    /**
     * For a server that listens on the network and is not set to plaintext.
     *
     * @param prefix what the names of its properties begin with
     * @throws FailureAnalyzedException if it would not be as well protected as another starter was told to make it
     */
    public void refuseServer(String prefix) {
        List<String> ours = List.of(prefix, SERVER);
        String lost = isAnswered(ours) ? null : lostOf(OldProperties.server(), BUNDLE, ENABLED);
        if (lost != null) {
            throw new FailureAnalyzedException(
                    lost + ": the server would speak plaintext.",
                    "Define an SSL bundle with certificate and key under spring.ssl.bundle.pem or .jks and name it in "
                            + prefix + '.' + BUNDLE + ", or set " + prefix + '.' + ENABLED
                            + " to false for plaintext.");
        }
        lost = isAnswered(ours, CLIENT_AUTH) ? null : lostOf(OldProperties.server(), CLIENT_AUTH);
        if (lost != null) {
            throw new FailureAnalyzedException(
                    lost + ": the server would not ask callers for certificates.",
                    "Set " + prefix + '.' + CLIENT_AUTH + " to require, optional or none.");
        }
    }

    /**
     * For a client whose connection details do not encrypt it.
     *
     * @throws FailureAnalyzedException if it would speak plaintext where another starter was told not to
     */
    public void refuseClient(String client) {
        if (isAnswered(List.of("grpc.client." + client, "grpc.client.default"))) {
            return;
        }
        String prefix = "grpc.client." + client + '.';
        List<OldProperties.Step> steps = OldProperties.clients(client);
        String lost = lostOf(steps, BUNDLE, ENABLED);
        if (lost == null) {
            lost = lostByDefault(steps);
        }
        if (lost != null) {
            throw new FailureAnalyzedException(
                    lost + ": the gRPC client '" + client + "' would speak plaintext.",
                    "For encrypted calls set " + prefix + ENABLED + "=true, or " + prefix + BUNDLE
                            + " to an SSL bundle if the Java runtime does not trust the server, or the server asks who we"
                            + " are. For calls in the clear set " + prefix + ENABLED + "=false.");
        }
    }

    private boolean isAnswered(List<String> prefixes) {
        return isAnswered(prefixes, ENABLED) || isAnswered(prefixes, BUNDLE);
    }

    private boolean isAnswered(List<String> prefixes, String field) {
        return prefixes.stream().anyMatch(prefix -> old.isSet(prefix + '.' + field));
    }

    /** What to say of the property that asks for one of these; null if none does. */
    private @Nullable String lostOf(List<OldProperties.Step> steps, String... fields) {
        for (OldNames starter : old.starters()) {
            if (isSwitchedOff(starter, steps)) {
                continue;
            }
            for (String field : fields) {
                for (OldProperties.Found found : old.nearest(starter, steps, field, true)) {
                    if (asks(found)) {
                        return found.name() + " asks for encryption, but is a property of another gRPC starter and does"
                                + " nothing here";
                    }
                }
            }
        }
        return null;
    }

    /** What to say of the address that net.devh's starter calls encrypted, as it does all that nothing is said of; null if none. */
    private @Nullable String lostByDefault(List<OldProperties.Step> steps) {
        if (!old.starters().contains(NetDevhNames.CLIENT)
                || !old.nearest(NetDevhNames.CLIENT, steps, ENABLED, true).isEmpty()) {
            return null;
        }
        return old.nearest(NetDevhNames.CLIENT, steps, "target", false).stream()
                .filter(address ->
                        !address.value().isBlank() && !address.value().startsWith(IN_PROCESS))
                .findFirst()
                .map(address -> address.name() + " means calls with TLS in another gRPC starter, as nothing there says"
                        + " negotiation-type, but does nothing here")
                .orElse(null);
    }

    /** Certificates that are set beside a switch that is off did nothing there either. */
    private boolean isSwitchedOff(OldNames starter, List<OldProperties.Step> steps) {
        List<OldProperties.Found> switches = old.nearest(starter, steps, ENABLED, true);
        return !switches.isEmpty() && switches.stream().noneMatch(LostEncryption::asks);
    }

    private static boolean asks(OldProperties.Found found) {
        return !NOTHING.contains(found.value().trim().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
