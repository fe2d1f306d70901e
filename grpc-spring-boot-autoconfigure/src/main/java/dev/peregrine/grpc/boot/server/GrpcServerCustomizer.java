// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import java.util.function.UnaryOperator;
import org.springframework.core.annotation.Order;

/**
 * Changes servers before they start. Every bean of this type is asked for each server, in {@link Order}, after properties,
 * services and interceptors were applied; so what it sets counts. A context that stops and starts again asks again.
 *
 * <p>Services that it adds are behind the same interceptors as others, all global ones and those of the server, and behind
 * those that it adds for them. Advice, validation and {@code grpc.server.methods} do not know them: for these, make a
 * {@link GrpcService} bean.
 *
 * <p>{@link Server.Builder#limits(UnaryOperator)} changes limits and keeps the others as {@code grpc.server.*} set them;
 * {@link Server.Builder#limits(Limits)} replaces them all.
 */
@FunctionalInterface
public interface GrpcServerCustomizer {

    /**
     * Changes one server. Called on the thread that starts the context.
     *
     * @param name the server's name; {@link GrpcServers#DEFAULT} for the one of {@code grpc.server.*}
     * @param server what the server will be made of; of no use when this has returned
     */
    void customize(String name, Server.Builder server);
}
