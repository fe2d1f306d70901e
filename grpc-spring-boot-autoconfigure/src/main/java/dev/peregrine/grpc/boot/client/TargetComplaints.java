// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.test.LocalGrpcServerPort;
import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What is said about a client that does not know where to call, and what to do about it. */
final class TargetComplaints {

    /** Keys of grpc-spring (net.devh), which reads the same prefix: applications that come from there have them. */
    private static final String FOREIGN_ADDRESS = "address";

    private static final String FOREIGN_SECURITY = "negotiation-type";

    private final ClientSettings settings;

    TargetComplaints(ClientSettings settings) {
        this.settings = settings;
    }

    FailureAnalyzedException missing(String name) {
        String target = ClientSettings.property(name, "target");
        String address = settings.text(name, FOREIGN_ADDRESS);
        if (address != null) {
            return new FailureAnalyzedException(
                    noTarget(name) + ClientSettings.property(name, FOREIGN_ADDRESS)
                            + " is set, which is a property of another library.",
                    "Rename it to " + target + ", and write host:port or dns:///host:port (found: '" + address + "')."
                            + security(name));
        }
        List<String> known = settings.namesWithTarget();
        return new FailureAnalyzedException(
                noTarget(name)
                        + (known.isEmpty()
                                ? "No client has one."
                                : "Clients that have one: " + String.join(", ", known) + "."),
                "Set the property " + target + ", for example to localhost:9090, or "
                        + ClientSettings.property(ClientSettings.DEFAULT, "target") + " for all clients"
                        + (known.isEmpty() ? "." : ", or correct the name in @GrpcClient.") + security(name));
    }

    FailureAnalyzedException malformed(String name, String target, IllegalArgumentException cause) {
        String owner = settings.hasTarget(name) ? name : ClientSettings.DEFAULT;
        return new FailureAnalyzedException(
                "The gRPC client '" + name + "' cannot use its target: " + cause.getMessage(),
                target.contains("${" + LocalGrpcServerPort.PROPERTY)
                        ? LocalGrpcServerPort.PROPERTY
                                + " is known once the gRPC server of this application has started,"
                                + " and this client is made before. Put @Lazy on the bean or the parameter that takes it."
                        : "Correct the property " + ClientSettings.property(owner, "target") + ".",
                cause);
    }

    private static String noTarget(String name) {
        return "The gRPC client '" + name + "' has no target: nothing says which server to call. ";
    }

    private String security(String name) {
        return settings.text(name, FOREIGN_SECURITY) == null
                ? ""
                : " Remove " + ClientSettings.property(name, FOREIGN_SECURITY)
                        + ": there is no such property here, and calls are not encrypted.";
    }
}
