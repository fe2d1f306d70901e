// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicies;
import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
import dev.peregrine.grpc.server.MethodOptions;
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
     * @param services the services of all servers
     * @throws FailureAnalyzedException if the properties name interceptors or methods that there are not
     */
    ServiceOptions make(String server, GrpcServerProperties properties, List<ServedBean> services) {
        List<ServerInterceptor> ofServer = properties.interceptors().stream()
                .map(bean -> interceptors.named(bean, ConfiguredServers.property(server, "interceptors")))
                .toList();
        MethodPolicies policies = new MethodPolicies(
                ConfiguredServers.property(server, "methods"),
                properties.methods(),
                properties.overload(),
                services.stream().map(ServedBean::definition).toList(),
                beans.getBeanProvider(UnmatchedPatterns.class).getIfAvailable(() -> UnmatchedPatterns.REFUSED));
        List<GrpcMethodCustomizer> customizers = beans.getBeanProvider(GrpcMethodCustomizer.class)
                .orderedStream()
                .toList();
        return new ServiceOptions(beans, interceptors, ofServer, (method, options) -> {
            MethodOptions all = policies.apply(method, options);
            for (GrpcMethodCustomizer customizer : customizers) {
                all = customizer.customize(server, method, all);
            }
            return all;
        });
    }
}
