// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.transport.SocketEngine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What to do about a server that does not start. */
final class StartFailures {

    private StartFailures() {}

    /**
     * @param failure an {@link IOException} if an address cannot be bound; anything else if the settings or the machine do
     *     not allow it
     */
    static FailureAnalyzedException explain(ServerPlan plan, Exception failure) {
        return new FailureAnalyzedException(
                "The gRPC server" + GrpcServers.quoted(plan.name()) + " does not start: " + failure.getMessage() + ".",
                failure instanceof IOException ? bind(plan.name()) : settings(plan, failure),
                failure);
    }

    private static String bind(String server) {
        return "If another process listens there, stop it, or choose another port with "
                + ConfiguredServers.property(server, "port")
                + " (0 takes a free one). If the address is not one of this"
                + " machine, correct " + ConfiguredServers.property(server, "address") + ".";
    }

    private static String settings(ServerPlan plan, Exception failure) {
        if (plan.tls() != null && plan.properties().ssl().provider() == TlsProvider.NATIVE) {
            return "Add netty-tcnative-boringssl-static for this machine, or set "
                    + ConfiguredServers.property(plan.name(), "ssl.provider") + " to automatic.";
        }
        if (isAboutSockets(failure, plan.properties().transport())) {
            return "Add the native library for these sockets, or remove "
                    + ConfiguredServers.property(plan.name(), "transport") + ", to have the best that works.";
        }
        return "Correct what is set under " + ConfiguredServers.prefix(plan.name())
                + ".*, or by a GrpcServerCustomizer.";
    }

    private static boolean isAboutSockets(Exception failure, @Nullable SocketEngine asked) {
        return asked != null
                && failure.getMessage() != null
                && failure.getMessage().startsWith("sockets of " + asked);
    }
}
