// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ClientInterceptor;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;

/**
 * Knows where interceptors stand: by the order at the bean's definition, its {@code @Bean} method or its class, or the one it
 * tells itself as {@link Ordered}.
 */
final class InterceptorPlaces {

    private final ConfigurableListableBeanFactory beans;

    InterceptorPlaces(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * An interceptor and its place. Without an order it stands last, but before what asks for the last place; equal ones
     * stay as they were registered.
     */
    record Placed(ClientInterceptor interceptor, @Nullable Integer order) implements Comparable<Placed> {

        private static final Comparator<Placed> PLACES = Comparator.<Placed>comparingInt(
                        placed -> placed.order == null ? Ordered.LOWEST_PRECEDENCE : placed.order)
                .thenComparing(placed -> placed.order != null);

        @Override
        public int compareTo(Placed other) {
            return PLACES.compare(this, other);
        }
    }

    Placed of(String name, ClientInterceptor interceptor) {
        Integer declared = declaredOrder(name);
        if (declared == null && interceptor instanceof Ordered ordered) {
            return new Placed(interceptor, ordered.getOrder());
        }
        return new Placed(interceptor, declared);
    }

    /** Whether a bean stands before this place; it is made only if it alone knows. */
    boolean isBefore(String name, int place) {
        Integer declared = declaredOrder(name);
        if (declared != null) {
            return declared < place;
        }
        if (!beans.isTypeMatch(name, Ordered.class)) {
            return false;
        }
        try {
            return beans.getBean(name, Ordered.class).getOrder() < place;
        } catch (BeanCurrentlyInCreationException own) {
            return false; // it is for this bean that the client is made
        }
    }

    private @Nullable Integer declaredOrder(String name) {
        if (beans.containsBeanDefinition(name)) {
            BeanDefinition definition = beans.getMergedBeanDefinition(name);
            if (definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE) instanceof Integer order) {
                return order;
            }
            if (definition instanceof RootBeanDefinition root && root.getResolvedFactoryMethod() != null) {
                Integer order = OrderUtils.getOrder(root.getResolvedFactoryMethod());
                if (order != null) {
                    return order;
                }
            }
        }
        Class<?> type = beans.getType(name, false);
        return type == null ? null : OrderUtils.getOrder(type);
    }
}
