// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.test.LocalGrpcServerPort;
import dev.peregrine.grpc.server.Server;
import java.net.InetSocketAddress;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/** Tells the environment which port the server got, under {@link LocalGrpcServerPort#PROPERTY}. */
final class LocalPort {

    private static final String SOURCE = "grpcServerPort";

    private LocalPort() {}

    /** A server that listens on no network address has no port to tell. */
    static void publish(ConfigurableEnvironment environment, Server server) {
        if (server.addresses().stream().noneMatch(InetSocketAddress.class::isInstance)) {
            return;
        }
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(SOURCE);
        sources.addFirst(new MapPropertySource(SOURCE, Map.of(LocalGrpcServerPort.PROPERTY, server.port())));
    }
}
