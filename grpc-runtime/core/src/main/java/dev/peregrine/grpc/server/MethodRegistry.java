// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of a server by their path on the wire; fixed when the server starts. */
final class MethodRegistry {

    /** Keys are what the header decoder makes: a path seen before is found without decoding it again. */
    private final Map<AsciiString, ServerMethod<?, ?>> byPath = new HashMap<>();

    /**
     * @throws IllegalArgumentException if two services have the same name
     */
    MethodRegistry(List<ServiceDefinition> services, List<ServerInterceptor> interceptors) {
        Map<String, ServiceDefinition> byName = new HashMap<>();
        for (ServiceDefinition service : services) {
            if (byName.put(service.name(), service) != null) {
                throw new IllegalArgumentException(
                        "service " + service.name() + " was added twice; a server can have one of each name");
            }
            for (ServerMethod<?, ?> method : service.methods()) {
                byPath.put(AsciiString.of(method.descriptor().path()), method.behind(interceptors));
            }
        }
    }

    @Nullable
    ServerMethod<?, ?> find(AsciiString path) {
        return byPath.get(path);
    }
}
