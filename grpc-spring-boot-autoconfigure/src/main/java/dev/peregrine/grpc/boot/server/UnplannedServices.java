// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts interceptors before the services that a {@link GrpcServerCustomizer} adds: no service may come in beside those who
 * ask for credentials. The others have them by their own options, and pay nothing here.
 *
 * <p>Thread rule: the container's thread, while the server is made.
 */
final class UnplannedServices implements ServerInterceptor {

    private final Set<String> planned = new HashSet<>();
    private final List<ServerInterceptor> chain;

    /**
     * @param chain the first sees a call first
     */
    UnplannedServices(List<ServiceDefinition> planned, List<ServerInterceptor> chain) {
        planned.forEach(this::exempt);
        this.chain = chain;
    }

    /** This one has its interceptors. */
    void exempt(ServiceDefinition service) {
        planned.add(service.name());
    }

    @Override
    public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
        if (planned.contains(method.service())) {
            return next;
        }
        ServerHandler<Q, R> first = next;
        for (int i = chain.size() - 1; i >= 0; i--) {
            first = chain.get(i).intercept(method, first);
        }
        return first;
    }
}
