// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ManagedChannel;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The channels of an application, one for each name however many beans use it. None connects before its first call. */
final class GrpcChannels {

    private final ChannelFactory factory;
    private final OpenChannels open;

    GrpcChannels(ChannelFactory factory, OpenChannels open) {
        this.factory = factory;
        this.open = open;
    }

    /**
     * @throws FailureAnalyzedException if no channel can be made of what is set for this name
     */
    synchronized ManagedChannel named(String name) {
        ManagedChannel channel = open.get(name);
        if (channel == null) {
            GrpcClientProperties properties = factory.properties(name);
            channel = factory.make(name, properties); // may come back here: interceptors may have clients
            open.add(name, channel, properties.shutdown().gracePeriod());
        }
        return channel;
    }
}
