// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.LocalPortProperty;
import dev.peregrine.grpc.boot.migration.OldProperties;
import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What is said about a client that cannot be made, and what to do about it. */
final class ClientFailures {

    private final ClientSettings settings;
    private final OldProperties old;

    ClientFailures(ClientSettings settings, OldProperties old) {
        this.settings = settings;
        this.old = old;
    }

    FailureAnalyzedException missing(String name) {
        String target = ClientSettings.property(name, "target");
        OldProperties.Found address = old.target(name);
        if (address != null) {
            return new FailureAnalyzedException(
                    noTarget(name) + address.name() + " is set, which is a property of another gRPC starter.",
                    "Rename it to " + target + ", and write host:port or dns:///host:port (found: '" + address.value()
                            + "').");
        }
        List<String> known = settings.namesWithTarget();
        return new FailureAnalyzedException(
                noTarget(name)
                        + (known.isEmpty()
                                ? "No client has one."
                                : "Clients that have one: " + String.join(", ", known) + "."),
                "Set the property " + target + ", for example to localhost:9090, or "
                        + ClientSettings.property(ClientSettings.DEFAULT, "target") + " for all clients"
                        + (known.isEmpty() ? "." : ", or correct the name in @GrpcClient."));
    }

    FailureAnalyzedException malformed(String name, String target, IllegalArgumentException cause) {
        String owner = settings.hasTarget(name) ? name : ClientSettings.DEFAULT;
        return new FailureAnalyzedException(
                "The gRPC client '" + name + "' cannot use its target: " + cause.getMessage(),
                target.contains("${" + LocalPortProperty.NAME)
                        ? LocalPortProperty.NAME
                                + " is known once the gRPC server of this application has started,"
                                + " and this client is made before. Put @Lazy on the bean or the parameter that takes it."
                        : "Correct the property " + ClientSettings.property(owner, "target") + ".",
                cause);
    }

    FailureAnalyzedException malformed(String name, GrpcConnectionDetails details, IllegalArgumentException cause) {
        return new FailureAnalyzedException(
                "The gRPC client '" + name + "' cannot use the target of its connection details: " + cause.getMessage(),
                "Correct what getTarget() of " + details.getClass().getName() + " returns.",
                cause);
    }

    FailureAnalyzedException unusable(String name, RuntimeException cause) {
        return new FailureAnalyzedException(
                "The gRPC client '" + name + "' cannot be made: " + cause.getMessage(),
                "Correct the properties under " + ClientSettings.property(name, "*") + " and "
                        + ClientSettings.property(ClientSettings.DEFAULT, "*")
                        + ", or the GrpcChannelCustomizer that sets this.",
                cause);
    }

    private static String noTarget(String name) {
        return "The gRPC client '" + name + "' has no target: nothing says which server to call. ";
    }
}
