// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.boot.InterceptorsByType;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Finds the interceptors of clients: those of a channel, together in the order of {@code @Order}, and others by type or by
 * name. No interceptor is made that was not asked for: it may have a client of its own that does without it. For any thread.
 */
final class ClientInterceptorBeans implements DisposableBean {

    private final ConfigurableListableBeanFactory beans;
    private final InterceptorPlaces places;
    private final InterceptorsByType<ClientInterceptor> byType;

    ClientInterceptorBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        this.places = new InterceptorPlaces(beans);
        this.byType = new InterceptorsByType<>(beans);
    }

    /**
     * Those that see all calls of this client, outermost first: the global ones, or of these only what no client can do
     * without, those that its properties name, and those that factories make for it.
     *
     * @throws FailureAnalyzedException if a bean that is named or annotated is no interceptor
     */
    List<ClientInterceptor> of(String client, GrpcClientProperties properties) {
        Set<String> names = new LinkedHashSet<>();
        for (String global : AnnotatedBeans.names(beans, GrpcGlobalClientInterceptor.class, ClientInterceptor.class)) {
            if (properties.globalInterceptors() || places.isBefore(global, GrpcClientInterceptorOrder.AUTHENTICATION)) {
                names.add(global);
            }
        }
        names.addAll(properties.interceptors());
        List<InterceptorPlaces.Placed> placed = new ArrayList<>();
        for (String name : names) {
            placed.add(places.of(name, named(name, ClientSettings.property(client, "interceptors"))));
        }
        for (String name : beans.getBeanNamesForType(GrpcClientInterceptorFactory.class, true, false)) {
            ClientInterceptor interceptor =
                    beans.getBean(name, GrpcClientInterceptorFactory.class).interceptorFor(client);
            if (interceptor != null) {
                placed.add(places.of(name, interceptor));
            }
        }
        placed.sort(Comparator.naturalOrder());
        return placed.stream().map(InterceptorPlaces.Placed::interceptor).toList();
    }

    /**
     * The bean of this type, or one made for it.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there are several
     */
    ClientInterceptor ofType(Class<? extends ClientInterceptor> type, String where) {
        return byType.get(type, where);
    }

    /**
     * The bean of this name.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there is none
     */
    ClientInterceptor named(String name, String where) {
        try {
            return beans.getBean(name, ClientInterceptor.class);
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException missing) {
            if (beans.containsBean(name) && beans.isTypeMatch(name, ClientInterceptor.class)) {
                throw missing; // it is there, and what it needs is not
            }
            throw new FailureAnalyzedException(
                    where + " names '" + name + "', and there is no bean of that name which is a "
                            + ClientInterceptor.class.getName() + ".",
                    "Correct the name, or define the bean. Those that there are: "
                            + String.join(", ", beans.getBeanNamesForType(ClientInterceptor.class, true, false)) + ".",
                    missing);
        }
    }

    /** Beans the container destroys itself. */
    @Override
    public void destroy() {
        byType.destroy();
    }
}
