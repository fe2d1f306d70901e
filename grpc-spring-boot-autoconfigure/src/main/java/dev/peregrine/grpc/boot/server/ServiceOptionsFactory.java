// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicies;
import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes the {@link ServiceOptions} of each server. */
final class ServiceOptionsFactory {

    private final ConfigurableListableBeanFactory beans;
    private final InterceptorBeans interceptors;

    ServiceOptionsFactory(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        this.interceptors = new InterceptorBeans(beans);
    }

    /**
     * @param all the services of all servers
     * @throws FailureAnalyzedException if the properties name interceptors or methods that there are not
     */
    ServiceOptions make(String server, GrpcServerProperties properties, List<ServedBean> all) {
        List<ServerInterceptor> ofServer = properties.interceptors().stream()
                .map(bean -> interceptors.named(bean, ConfiguredServers.property(server, "interceptors")))
                .toList();
        MethodPolicies policies = new MethodPolicies(
                ConfiguredServers.property(server, "methods"),
                properties.methods(),
                properties.overload(),
                all.stream().map(ServedBean::definition).toList(),
                beans.getBeanProvider(UnmatchedPatterns.class).getIfAvailable(() -> UnmatchedPatterns.REFUSED));
        return new ServiceOptions(beans, interceptors, ofServer, policies);
    }
}
