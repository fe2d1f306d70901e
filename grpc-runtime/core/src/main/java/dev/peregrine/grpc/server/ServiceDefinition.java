// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A service that can be served: its description and what answers each of its methods.
 *
 * @param descriptor the service
 * @param methods one for each method of the descriptor, in its order
 */
public record ServiceDefinition(ServiceDescriptor descriptor, List<ServerMethod<?, ?>> methods) {

    /**
     * @throws IllegalArgumentException if the methods are not those of the descriptor
     */
    public ServiceDefinition {
        methods = List.copyOf(methods);
        Set<MethodDescriptor<?, ?>> missing = new HashSet<>(descriptor.methods());
        for (ServerMethod<?, ?> method : methods) {
            if (!missing.remove(method.descriptor())) {
                throw new IllegalArgumentException(
                        "method " + method.descriptor().fullName() + " is defined twice, or is not a method of service "
                                + descriptor.name());
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("service " + descriptor.name() + " lacks a handler for " + missing);
        }
    }

    public static Builder builder(ServiceDescriptor descriptor) {
        return new Builder(descriptor);
    }

    public String name() {
        return descriptor.name();
    }

    /** The same service behind interceptors of its own; the first of the list sees a call first. */
    public ServiceDefinition behind(List<ServerInterceptor> interceptors) {
        List<ServerMethod<?, ?>> wrapped = new ArrayList<>(methods.size());
        for (ServerMethod<?, ?> method : methods) {
            wrapped.add(method.behind(interceptors));
        }
        return new ServiceDefinition(descriptor, wrapped);
    }

    /** The same service with streams that never delay a shutdown; see {@link ServerMethod#withoutGrace()}. */
    public ServiceDefinition withStreamsWithoutGrace() {
        List<ServerMethod<?, ?>> changed = new ArrayList<>(methods.size());
        for (ServerMethod<?, ?> method : methods) {
            changed.add(method.descriptor().kind() == MethodKind.UNARY ? method : method.withoutGrace());
        }
        return new ServiceDefinition(descriptor, changed);
    }

    /** Collects the methods of a service. */
    public static final class Builder {

        private final ServiceDescriptor descriptor;
        private final List<ServerMethod<?, ?>> methods = new ArrayList<>();

        private Builder(ServiceDescriptor descriptor) {
            this.descriptor = descriptor;
        }

        public <Q, R> Builder method(MethodDescriptor<Q, R> method, ServerHandler<Q, R> handler, ExecutionMode mode) {
            methods.add(new ServerMethod<>(method, handler, mode));
            return this;
        }

        public ServiceDefinition build() {
            return new ServiceDefinition(descriptor, methods);
        }
    }
}
