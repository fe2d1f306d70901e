// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.EncodingBeans;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.codec.MessageEncodings;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Gives channels the encodings of messages. */
final class ClientEncodings {

    private final EncodingBeans beans;

    ClientEncodings(EncodingBeans beans) {
        this.beans = beans;
    }

    /**
     * @throws FailureAnalyzedException if an encoding is named that there is not
     */
    void apply(String client, GrpcClientProperties properties, ManagedChannel.Builder channel) {
        MessageEncodings chosen = beans.choose(properties.encodings(), ClientSettings.property(client, "encodings"));
        String compression = properties.compression();
        if (compression != null) {
            EncodingBeans.require(chosen, compression, ClientSettings.property(client, "compression"));
        }
        channel.encodings(before -> chosen).compression(compression);
    }
}
