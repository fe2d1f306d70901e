// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionReaderUtils;

/**
 * The beans that stand for clients. They go before clients made for one injection point, so that an application can make
 * its own, and a test can put a mock in the place of whatever is injected.
 */
final class ClientBeans {

    private final ConfigurableListableBeanFactory beans;

    ClientBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * In this order: the bean that {@link ImportGrpcClients} registered for client and type, a bean of the type that is
     * called like the client, and a stand-in of the type that has no name of its own. Null if there is none.
     */
    @Nullable
    String nameFor(String client, Class<?> type) {
        for (RegisteredClient registered :
                beans.getBeansOfType(RegisteredClient.class, true, false).values()) {
            if (registered.client().equals(client) && registered.type().equals(type)) {
                return registered.bean();
            }
        }
        if (beans.containsBean(client) && beans.isTypeMatch(client, type) && !beans.isCurrentlyInCreation(client)) {
            return client;
        }
        for (String name : beans.getBeanNamesForType(type, false, false)) {
            if (isStandIn(name, type)) {
                return name;
            }
        }
        return null;
    }

    /**
     * What {@code @MockitoBean} and its like leave in the container where nothing was to be replaced: an object, under a
     * generated name, and a definition of an interface that could make no bean.
     */
    private boolean isStandIn(String bean, Class<?> type) {
        if (!bean.startsWith(type.getName() + BeanDefinitionReaderUtils.GENERATED_BEAN_NAME_SEPARATOR)
                || !beans.containsBeanDefinition(bean)) {
            return false;
        }
        BeanDefinition definition = beans.getBeanDefinition(bean);
        return definition.getFactoryMethodName() == null
                && definition instanceof AbstractBeanDefinition made
                && made.getInstanceSupplier() == null;
    }
}
