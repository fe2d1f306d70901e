// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.reflection;

import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.ServiceDescriber;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.services.reflection.ReflectionServices;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Describes the services of the servers that are to have reflection.
 *
 * @param server the name of the only one, or {@link GrpcServers#ALL}
 * @param names those of all servers; asked when they start
 */
record Reflection(String server, Supplier<Set<String>> names) implements ServiceDescriber {

    private static final Log log = LogFactory.getLog(Reflection.class);

    private static final String OWN_NAMES = "grpc.reflection.";

    @Override
    public List<ServiceDefinition> describe(String name, List<ServiceDefinition> services) {
        boolean wanted = server.equals(GrpcServers.ALL) || server.equals(name);
        if (!wanted && !names.get().contains(server)) {
            log.warn("gRPC reflection is not on the server '" + name + "': grpc.server.reflection.server is '" + server
                    + "', which there is not. There are: " + String.join(", ", names.get()) + ".");
        }
        return wanted && !haveReflection(services) ? ReflectionServices.describing(services) : List.of();
    }

    /** The application may have added its own. */
    private static boolean haveReflection(List<ServiceDefinition> services) {
        return services.stream().anyMatch(service -> service.name().startsWith(OWN_NAMES));
    }
}
