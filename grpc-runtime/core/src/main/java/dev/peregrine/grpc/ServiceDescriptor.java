// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.List;
import java.util.Objects;

/**
 * A service: its full name and its methods, in the order of the {@code .proto} file.
 *
 * @param name such as {@code helloworld.Greeter}
 */
public record ServiceDescriptor(String name, List<MethodDescriptor<?, ?>> methods) {

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

    public static ServiceDescriptor of(String name, MethodDescriptor<?, ?>... methods) {
        return new ServiceDescriptor(name, List.of(methods));
    }
}
