// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Has the last word about the methods of a server, whichever way their services came in: no service may come in beside those
 * who ask for credentials. What beans and describers brought has its interceptors; what a {@link GrpcServerCustomizer} has added,
 * with whatever options, gets them here.
 *
 * <p>Thread rule: the container's thread, while the server is made.
 */
final class EveryMethod implements BiFunction<MethodDescriptor<?, ?>, MethodOptions, MethodOptions> {

    private final Set<String> planned = new HashSet<>();
    private final List<ServerInterceptor> chain;
    private final GuardBeans guards;

    /**
     * @param chain the first sees a call first
     */
    EveryMethod(List<ServiceDefinition> planned, List<ServerInterceptor> chain, GuardBeans guards) {
        planned.forEach(this::exempt);
        this.chain = chain;
        this.guards = guards;
    }

    /** This one has its interceptors. */
    void exempt(ServiceDefinition service) {
        planned.add(service.name());
    }

    @Override
    public MethodOptions apply(MethodDescriptor<?, ?> method, MethodOptions options) {
        return guards.before(method, planned.contains(method.service()) ? options : options.behind(chain));
    }
}
