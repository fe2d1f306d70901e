// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicies;
import dev.peregrine.grpc.boot.policy.MethodPolicyProperties;
import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes the {@link ServiceOptions} of each server. */
final class ServiceOptionsFactory {

    private final InterceptorBeans interceptors;
    private final ExecutorBeans executors;

    ServiceOptionsFactory(InterceptorBeans interceptors, ExecutorBeans executors) {
        this.interceptors = interceptors;
        this.executors = executors;
    }

    /**
     * @param all the services of all servers
     * @throws FailureAnalyzedException if the properties name beans or methods that there are not
     */
    ServiceOptions make(String server, GrpcServerProperties properties, List<ServedBean> all) {
        String methods = ConfiguredServers.property(server, "methods");
        for (MethodPolicyProperties entry : properties.methods()) {
            if (entry.executor() != null) {
                executors.named(entry.executor(), "'" + entry.match() + "' in " + methods);
            }
        }
        InterceptorChain chain = new InterceptorChain(
                interceptors, properties.interceptors(), ConfiguredServers.property(server, "interceptors"));
        MethodPolicies policies = new MethodPolicies(
                methods,
                properties.methods(),
                properties.overload(),
                all.stream().map(ServedBean::definition).toList());
        return new ServiceOptions(chain, policies, executors, methods);
    }
}
