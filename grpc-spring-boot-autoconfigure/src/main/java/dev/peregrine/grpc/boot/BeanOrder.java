// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.annotation.OrderUtils;

/**
 * The order of beans by Spring's rule: what the definition says, or {@code @Order} on the {@code @Bean} method; then what the bean
 * tells itself as {@link Ordered}; then {@code @Order} on its class.
 */
public final class BeanOrder {

    private BeanOrder() {}

    /** The order of this bean, or null if nobody says. */
    public static @Nullable Integer of(ConfigurableListableBeanFactory beans, String name, Object bean) {
        Integer defined = ofDefinition(beans, name);
        if (defined != null) {
            return defined;
        }
        if (bean instanceof Ordered ordered) {
            return ordered.getOrder();
        }
        Integer declared = ofClass(beans, name);
        return declared == null ? OrderUtils.getOrder(bean.getClass()) : declared;
    }

    /** What comes before all that the bean and its class say; the bean is not made. */
    public static @Nullable Integer ofDefinition(ConfigurableListableBeanFactory beans, String name) {
        if (!beans.containsBeanDefinition(name)) {
            return null;
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        if (definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE) instanceof Integer order) {
            return order;
        }
        Method method = definition instanceof RootBeanDefinition root ? root.getResolvedFactoryMethod() : null;
        return method == null ? null : OrderUtils.getOrder(method);
    }

    /** What the class says, also behind a proxy of its interfaces; the bean is not made. */
    public static @Nullable Integer ofClass(ConfigurableListableBeanFactory beans, String name) {
        Order onBean = beans.findAnnotationOnBean(name, Order.class, false);
        if (onBean != null) {
            return onBean.value();
        }
        Class<?> type = beans.getType(name, false);
        return type == null ? null : OrderUtils.getOrder(type);
    }
}
