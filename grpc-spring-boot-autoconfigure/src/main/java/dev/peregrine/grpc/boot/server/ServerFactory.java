// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes servers of their plans, encodings and customizers, in this order. */
final class ServerFactory {

    private final ObjectProvider<GrpcServerCustomizer> customizers;
    private final ServerEncodings encodings;

    ServerFactory(ObjectProvider<GrpcServerCustomizer> customizers, ServerEncodings encodings) {
        this.customizers = customizers;
        this.encodings = encodings;
    }

    /**
     * A server that listens.
     *
     * @throws FailureAnalyzedException if the beans, the addresses or the machine do not allow it
     */
    Server start(ServerPlan plan) {
        String name = plan.name();
        GrpcServerProperties properties = plan.properties();
        Server.Builder server = plan.builder();
        encodings.applyTo(server, name, properties);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, server));
        try {
            return server.start();
        } catch (IOException failure) {
            throw new FailureAnalyzedException(
                    "The gRPC server" + GrpcServers.quoted(name) + " does not start: " + failure.getMessage() + ".",
                    "If another process listens there, stop it, or choose another port with "
                            + ConfiguredServers.property(name, "port") + " (0 takes a free one). If the address is not"
                            + " one of this machine, correct " + ConfiguredServers.property(name, "address") + ".",
                    failure);
        } catch (IllegalStateException failure) {
            throw new FailureAnalyzedException(
                    "The gRPC server" + GrpcServers.quoted(name) + " does not start: " + failure.getMessage() + ".",
                    properties.transport() == null
                            ? "Correct the -Dperegrine.transport of the process, or what a GrpcServerCustomizer sets."
                            : "Add the native library for these sockets, or remove "
                                    + ConfiguredServers.property(name, "transport") + ", to have the best that works.",
                    failure);
        } catch (IllegalArgumentException failure) {
            throw new FailureAnalyzedException(
                    "The gRPC server" + GrpcServers.quoted(name) + " does not start: " + failure.getMessage() + ".",
                    "Correct what is set under " + ConfiguredServers.prefix(name) + ".*, or by a GrpcServerCustomizer.",
                    failure);
        }
    }
}
