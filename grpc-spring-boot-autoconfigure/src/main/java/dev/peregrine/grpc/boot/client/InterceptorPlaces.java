// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.BeanOrder;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Knows where interceptors stand: by their {@link BeanOrder}.
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
        return new Placed(interceptor, BeanOrder.of(beans, name, interceptor));
    }

    /** Whether a bean stands before this place; it is made only if it alone knows. */
    boolean isBefore(String name, int place) {
        Integer defined = BeanOrder.ofDefinition(beans, name);
        if (defined != null) {
            return defined < place;
        }
        if (!beans.isTypeMatch(name, Ordered.class)) {
            Integer declared = BeanOrder.ofClass(beans, name);
            return declared != null && declared < place;
        }
        try {
            return beans.getBean(name, Ordered.class).getOrder() < place;
        } catch (BeanCurrentlyInCreationException own) {
            return false; // it is for this bean that the client is made
        }
    }
}
