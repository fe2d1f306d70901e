// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A service: its full name and its methods, in the order of the {@code .proto} file.
 *
 * @param name such as {@code helloworld.Greeter}
 * @param schema gives what the service was generated from, in the language of its marshallers: for protobuf the
 *     {@code FileDescriptor} of its file. Null if there is no such thing; then reflection cannot tell of the service
 */
public record ServiceDescriptor(
        String name,
        List<MethodDescriptor<?, ?>> methods,
        @Nullable Supplier<?> schema) {

    /**
     * @throws IllegalArgumentException if a method belongs to another service
     */
    public ServiceDescriptor {
        Objects.requireNonNull(name, "name");
        methods = List.copyOf(methods);
        for (MethodDescriptor<?, ?> method : methods) {
            if (!method.service().equals(name)) {
                throw new IllegalArgumentException(
                        "service " + name + " cannot list method " + method.fullName() + " of another service");
            }
        }
    }

    /** A service without a schema. */
    public static ServiceDescriptor of(String name, MethodDescriptor<?, ?>... methods) {
        return new ServiceDescriptor(name, List.of(methods), null);
    }

    /** The same service with what it was generated from. */
    public ServiceDescriptor withSchema(Supplier<?> schema) {
        return new ServiceDescriptor(name, methods, Objects.requireNonNull(schema, "schema"));
    }
}
