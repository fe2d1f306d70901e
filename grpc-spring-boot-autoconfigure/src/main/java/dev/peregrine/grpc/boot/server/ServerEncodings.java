// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.EncodingBeans;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.server.Server;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Gives servers the encodings of messages. */
final class ServerEncodings {

    private final EncodingBeans beans;

    ServerEncodings(EncodingBeans beans) {
        this.beans = beans;
    }

    /**
     * @throws FailureAnalyzedException if an encoding is named that there is not
     */
    void applyTo(Server.Builder server, String name, GrpcServerProperties properties) {
        MessageEncodings chosen = beans.choose(properties.encodings(), ConfiguredServers.property(name, "encodings"));
        String compression = properties.compression();
        if (compression != null) {
            EncodingBeans.require(chosen, compression, ConfiguredServers.property(name, "compression"));
        }
        server.encodings(before -> chosen);
    }
}
