// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The services of the {@link GrpcService} beans of a context. */
final class ServedBeans {

    private final ListableBeanFactory beans;

    ServedBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * Binds all of them anew.
     *
     * @throws FailureAnalyzedException if a bean cannot be served, or two offer the same service
     */
    List<ServiceDefinition> bind() {
        List<ServiceDefinition> services = new ArrayList<>();
        Map<String, String> beanOfService = new HashMap<>();
        for (String name : AnnotatedBeans.names(beans, GrpcService.class, BindableService.class)) {
            ServiceDefinition service = ServiceBinder.bind(beans.getBean(name, BindableService.class));
            String other = beanOfService.putIfAbsent(service.name(), name);
            if (other != null) {
                throw servedTwice(service.name(), other, name);
            }
            services.add(service);
        }
        return services;
    }

    private static FailureAnalyzedException servedTwice(String service, String one, String other) {
        return new FailureAnalyzedException(
                "The service '" + service + "' is offered by two beans, '" + one + "' and '" + other + "'.",
                "Remove @GrpcService from one of them: a server answers each service with one bean.");
    }
}
