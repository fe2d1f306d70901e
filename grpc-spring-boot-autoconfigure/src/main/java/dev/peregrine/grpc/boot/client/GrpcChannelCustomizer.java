// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.transport.Limits;
import java.util.function.UnaryOperator;
import org.springframework.core.annotation.Order;

/**
 * Changes a channel before it is made. Every bean of this type is asked for every channel, in {@link Order}, after
 * properties and interceptors were applied; so what it sets counts.
 *
 * <p>{@link ManagedChannel.Builder#limits(UnaryOperator)} changes limits and keeps the others as {@code grpc.client.*}
 * set them; {@link ManagedChannel.Builder#limits(Limits)} replaces them all.
 */
@FunctionalInterface
public interface GrpcChannelCustomizer {

    /**
     * Changes this channel. Called on the thread that asks for the client first, once for each channel; twice where two threads
     * are the first, of whose channels one is closed again. A channel outlives a context that is stopped and started again.
     *
     * @param name the name under {@code grpc.client}
     * @param channel everything the properties say is set
     */
    void customize(String name, ManagedChannel.Builder channel);
}
