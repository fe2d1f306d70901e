// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.List;
import java.util.function.Supplier;

public record ServiceDescriptor(String name, List<MethodDescriptor<?, ?>> methods, Supplier<?> schema) {

    public static ServiceDescriptor of(String name, MethodDescriptor<?, ?>... methods) {
        return new ServiceDescriptor(name, List.of(methods), null);
    }

    public ServiceDescriptor withSchema(Supplier<?> schema) {
        return new ServiceDescriptor(name, methods, schema);
    }
}
