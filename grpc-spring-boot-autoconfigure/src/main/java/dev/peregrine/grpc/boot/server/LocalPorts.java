// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Addresses;
import dev.peregrine.grpc.boot.LocalPortProperty;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Tells the environment which ports the servers got: under {@link LocalPortProperty#NAME} for the default one, and
 * as {@code local.grpc.server.<name>.port} for the others.
 */
final class LocalPorts {

    private static final String SOURCE = "grpcServerPorts";

    private LocalPorts() {}

    /** A server that listens on no network address has no port to tell. */
    static void publish(ConfigurableEnvironment environment, Iterable<RunningServer> servers) {
        Map<String, Object> ports = new HashMap<>();
        for (RunningServer server : servers) {
            Addresses.port(server.addresses()).ifPresent(port -> ports.put(property(server.name()), port));
        }
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(SOURCE);
        sources.addFirst(new MapPropertySource(SOURCE, ports));
    }

    private static String property(String server) {
        return server.equals(GrpcServers.DEFAULT) ? LocalPortProperty.NAME : LocalPortProperty.of(server);
    }
}
