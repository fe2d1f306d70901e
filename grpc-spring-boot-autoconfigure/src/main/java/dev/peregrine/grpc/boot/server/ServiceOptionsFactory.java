// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicies;
import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes the {@link ServiceOptions} of each server. */
final class ServiceOptionsFactory {

    private final InterceptorBeans interceptors;
    private final ExecutorBeans executors;
    private final ObjectProvider<UnmatchedPatterns> unmatched;

    ServiceOptionsFactory(
            InterceptorBeans interceptors, ExecutorBeans executors, ObjectProvider<UnmatchedPatterns> unmatched) {
        this.interceptors = interceptors;
        this.executors = executors;
        this.unmatched = unmatched;
    }

    /**
     * @param all the services of all servers
     * @throws FailureAnalyzedException if the properties name beans or methods that there are not
     */
    ServiceOptions make(String server, GrpcServerProperties properties, List<ServedBean> all) {
        String methods = ConfiguredServers.property(server, "methods");
        InterceptorChain chain = new InterceptorChain(
                interceptors, properties.interceptors(), ConfiguredServers.property(server, "interceptors"));
        MethodPolicies policies = new MethodPolicies(
                methods,
                properties.methods(),
                properties.overload(),
                all.stream().map(ServedBean::definition).toList(),
                unmatched.getIfAvailable(() -> UnmatchedPatterns.REFUSED));
        ServiceOptions options = new ServiceOptions(chain, policies, executors, methods);
        all.forEach(options::requireExecutors);
        return options;
    }
}
