// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import java.util.function.UnaryOperator;
import org.springframework.core.annotation.Order;

/**
 * Changes servers before they start. Every bean of this type is asked for each server, in {@link Order}, after properties,
 * services and interceptors were applied; so what it sets counts.
 *
 * <p>{@link Server.Builder#limits(UnaryOperator)} changes limits and keeps the others as {@code grpc.server.*} set them;
 * {@link Server.Builder#limits(Limits)} replaces them all.
 */
@FunctionalInterface
public interface GrpcServerCustomizer {

    /**
     * @param name the server's name; {@link GrpcServers#DEFAULT} for the one of {@code grpc.server.*}
     */
    void customize(String name, Server.Builder server);
}
