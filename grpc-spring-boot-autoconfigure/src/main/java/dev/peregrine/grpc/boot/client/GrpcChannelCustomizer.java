// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.transport.Limits;
import org.springframework.core.annotation.Order;

/**
 * Changes a channel before it is made. Every bean of this type is asked for every channel, in {@link Order}, after
 * properties and interceptors were applied; so what it sets counts.
 *
 * <p>Limits are set as a whole: {@link ManagedChannel.Builder#limits(Limits)} replaces those of {@code grpc.client.*} too.
 */
@FunctionalInterface
public interface GrpcChannelCustomizer {

    /**
     * @param name the name under {@code grpc.client}
     */
    void customize(String name, ManagedChannel.Builder channel);
}
