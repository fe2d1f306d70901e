// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import org.springframework.core.annotation.Order;

/**
 * Changes the server before it starts. Every bean of this type is asked, in {@link Order}, after properties, services
 * and interceptors were applied; so what it sets counts.
 *
 * <p>Limits are set as a whole: {@link Server.Builder#limits(Limits)} replaces those of {@code grpc.server.*} too.
 */
@FunctionalInterface
public interface GrpcServerCustomizer {

    void customize(Server.Builder server);
}
