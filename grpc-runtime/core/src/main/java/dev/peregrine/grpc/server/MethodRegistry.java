// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.codec.CompressionPolicy;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The methods of a server by their path on the wire; fixed when the server starts. */
final class MethodRegistry {

    /** Keys are what the header decoder makes: a path seen before is found without decoding it again. */
    private final Map<AsciiString, ServedMethod<?, ?>> byPath = new HashMap<>();

    /**
     * @param methodOptions changes the options of every method
     * @throws IllegalArgumentException if two services have the same name, or the options of a method cannot be had
     */
    MethodRegistry(
            List<ServedService> services,
            BiFunction<MethodDescriptor<?, ?>, MethodOptions, MethodOptions> methodOptions,
            List<ServerInterceptor> interceptors,
            Executor blocking,
            CompressionPolicy compression) {
        Map<String, ServedService> byName = new HashMap<>();
        for (ServedService service : services) {
            ServiceDefinition definition = service.definition();
            if (byName.put(definition.name(), service) != null) {
                throw new IllegalArgumentException(
                        "service " + definition.name() + " was added twice; a server can have one of each name");
            }
            for (ServerMethod<?, ?> method : definition.methods()) {
                MethodOptions own = service.options().apply(method.descriptor());
                MethodOptions options = methodOptions.apply(method.descriptor(), own);
                byPath.put(
                        AsciiString.of(method.descriptor().path()),
                        ServedMethod.of(method, options, interceptors, blocking, compression));
            }
        }
    }

    @Nullable
    ServedMethod<?, ?> find(AsciiString path) {
        return byPath.get(path);
    }
}
