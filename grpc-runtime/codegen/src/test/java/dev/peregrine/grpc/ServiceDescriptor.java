// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.List;

public record ServiceDescriptor(String name, List<MethodDescriptor<?, ?>> methods) {

    public static ServiceDescriptor of(String name, MethodDescriptor<?, ?>... methods) {
        return new ServiceDescriptor(name, List.of(methods));
    }
}
