// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * The interceptors of a client: the global beans, unless it wants none, those that its properties name, and those that
 * {@link GrpcClientInterceptorFactory factories} make for it; all together in the order of {@code @Order}, and where that says nothing, of their registration. No other interceptor bean
 * is made on the way: an interceptor may have a client of its own that does without it.
 */
final class InterceptorBeans {

    private final ConfigurableListableBeanFactory beans;

    InterceptorBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * @throws FailureAnalyzedException if a bean that is named or annotated is no interceptor
     */
    List<ClientInterceptor> of(String client, GrpcClientProperties properties) {
        Set<String> names = new LinkedHashSet<>();
        if (properties.globalInterceptors()) {
            names.addAll(AnnotatedBeans.names(beans, GrpcGlobalClientInterceptor.class, ClientInterceptor.class));
        }
        for (String named : properties.interceptors()) {
            requireInterceptor(client, named);
            names.add(named);
        }
        Map<Object, String> nameOf = new IdentityHashMap<>();
        List<ClientInterceptor> interceptors = new ArrayList<>();
        for (String name : names) {
            ClientInterceptor interceptor = beans.getBean(name, ClientInterceptor.class);
            nameOf.put(interceptor, name);
            interceptors.add(interceptor);
        }
        for (String name : beans.getBeanNamesForType(GrpcClientInterceptorFactory.class, true, false)) {
            ClientInterceptor interceptor =
                    beans.getBean(name, GrpcClientInterceptorFactory.class).interceptorFor(client);
            if (interceptor != null) {
                nameOf.put(interceptor, name);
                interceptors.add(interceptor);
            }
        }
        interceptors.sort(AnnotationAwareOrderComparator.INSTANCE.withSourceProvider(
                interceptor -> orderSources(nameOf.get(interceptor))));
        return interceptors;
    }

    private void requireInterceptor(String client, String name) {
        if (beans.containsBean(name) && beans.isTypeMatch(name, ClientInterceptor.class)) {
            return;
        }
        throw new FailureAnalyzedException(
                ClientSettings.property(client, "interceptors") + " names '" + name
                        + "', and there is no bean of that name which is a " + ClientInterceptor.class.getName() + ".",
                "Correct the name, or define the bean. Those that there are: "
                        + String.join(", ", beans.getBeanNamesForType(ClientInterceptor.class, true, false)) + ".");
    }

    /** Where an order may be said beside the bean's class: at its definition, or on its {@code @Bean} method. */
    private @Nullable Object orderSources(@Nullable String name) {
        if (name == null || !beans.containsBeanDefinition(name)) {
            return null;
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        Object order = definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE);
        if (order instanceof Integer number) {
            return (Ordered) () -> number;
        }
        return definition instanceof RootBeanDefinition root ? root.getResolvedFactoryMethod() : null;
    }
}
