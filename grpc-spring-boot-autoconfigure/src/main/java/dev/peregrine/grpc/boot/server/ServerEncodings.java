// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.EncodingBeans;
import dev.peregrine.grpc.boot.policy.MethodPolicyProperties;
import dev.peregrine.grpc.codec.MessageEncodings;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Chooses the encodings of messages of each server. */
final class ServerEncodings {

    private final EncodingBeans beans;

    ServerEncodings(EncodingBeans beans) {
        this.beans = beans;
    }

    /**
     * Those that a server may read and write.
     *
     * @throws FailureAnalyzedException if its properties name one that it has not
     */
    MessageEncodings choose(String server, GrpcServerProperties properties) {
        MessageEncodings chosen = beans.choose(properties.encodings(), ConfiguredServers.property(server, "encodings"));
        if (properties.compression() != null) {
            EncodingBeans.require(chosen, properties.compression(), ConfiguredServers.property(server, "compression"));
        }
        String methods = ConfiguredServers.property(server, "methods");
        for (MethodPolicyProperties method : properties.methods()) {
            if (method.compression() != null) {
                EncodingBeans.require(
                        chosen, method.compression(), "compression of '" + method.match() + "' in " + methods);
            }
        }
        return chosen;
    }
}
