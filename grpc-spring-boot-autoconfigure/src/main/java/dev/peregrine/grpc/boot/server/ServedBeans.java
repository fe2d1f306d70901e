// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.Arrays;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.StringUtils;

/** The services of the {@link GrpcService} beans of a context. */
final class ServedBeans {

    private final ConfigurableListableBeanFactory beans;

    ServedBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * Binds all of them anew.
     *
     * @throws FailureAnalyzedException if a bean cannot be served
     */
    List<ServedBean> bind() {
        return AnnotatedBeans.names(beans, GrpcService.class, BindableService.class).stream()
                .map(this::bind)
                .toList();
    }

    private ServedBean bind(String name) {
        GrpcService annotation = AnnotatedBeans.annotation(beans, name, GrpcService.class);
        BindableService bean = beans.getBean(name, BindableService.class);
        ServiceDefinition bound = ServiceBinder.bind(name, bean);
        return new ServedBean(
                name,
                bean,
                annotation,
                annotation.streamsWithoutGrace() ? bound.withStreamsWithoutGrace() : bound,
                Arrays.stream(annotation.servers()).map(this::resolve).toList(),
                isInfrastructure(name));
    }

    private String resolve(String server) {
        String resolved = beans.resolveEmbeddedValue(server);
        return StringUtils.hasText(resolved) ? resolved : GrpcServers.DEFAULT;
    }

    private boolean isInfrastructure(String name) {
        return beans.containsBeanDefinition(name)
                && beans.getMergedBeanDefinition(name).getRole() == BeanDefinition.ROLE_INFRASTRUCTURE;
    }
}
