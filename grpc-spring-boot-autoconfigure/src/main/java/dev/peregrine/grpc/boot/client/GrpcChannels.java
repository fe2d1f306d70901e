// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ManagedChannel;
import java.util.Map;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * The channels of an application, one for each client however many beans use it; a bean of every application with clients.
 * For code that learns the names of its clients while it runs; where the name is known, {@link GrpcClient} injects a client,
 * or its {@link ManagedChannel}.
 *
 * <p>The application closes the channels when it stops. One that is needed no more before that, because its name was learnt
 * for a while, {@link #close} ends. For any thread.
 */
public final class GrpcChannels {

    private final ChannelFactory factory;
    private final ChannelRegister register;

    GrpcChannels(ChannelFactory factory, ChannelRegister register) {
        this.factory = factory;
        this.register = register;
    }

    /**
     * The channel of this client, which takes calls. The first to ask makes it, and so does the first to ask after it was shut
     * down; it connects when the first call is made.
     *
     * @param client the name under {@code grpc.client}
     * @throws FailureAnalyzedException if no channel can be made of what is set for this name; the next to ask tries again
     * @throws IllegalStateException if the application has stopped
     */
    public ManagedChannel channel(String client) {
        ManagedChannel known = register.find(client);
        if (known != null) {
            return known;
        }
        ClientNames.require(client, "GrpcChannels.channel(\"" + client + "\")");
        GrpcClientProperties properties = factory.properties(client);
        // Under no lock of ours: the container may be asked for interceptors and customizers, and whoever holds its
        // lock may
        // be waiting for a channel.
        ManagedChannel made = factory.make(client, properties);
        return register.addUnlessThere(client, made, properties.shutdown().gracePeriod());
    }

    /**
     * Ends the channel of this client, if it has one, and forgets it: the next to ask for this name gets a new one, made of what is
     * set then. Waits for calls under way, for {@code shutdown.grace-period} at most, and cancels those that are left; cancels them
     * at once if this thread is interrupted. What was injected or made of the channel before takes no more calls: they fail with
     * UNAVAILABLE. Does nothing when the application has stopped. Not for event loops.
     *
     * @param client the name under {@code grpc.client}
     */
    public void close(String client) {
        register.close(client);
    }

    /** The channels that were made so far and not closed by {@link #close}, by client, sorted; a copy, and empty when the application has stopped. */
    public Map<String, ManagedChannel> open() {
        return register.all();
    }
}
