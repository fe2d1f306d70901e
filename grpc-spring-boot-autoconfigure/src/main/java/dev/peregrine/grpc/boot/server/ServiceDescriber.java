// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.List;

/**
 * Adds services that tell of a server's other services, such as reflection. Every bean of this type is asked for each
 * server, when all its services are known. Calls of what it adds go through every global interceptor, and through those of
 * the server. For the rooms of the starter; applications add services with {@link GrpcService}.
 */
@FunctionalInterface
public interface ServiceDescriber {

    /**
     * @param server the server's name
     * @param services all that it has so far
     * @return what to serve beside them; empty for nothing
     */
    List<ServiceDefinition> describe(String server, List<ServiceDefinition> services);
}
