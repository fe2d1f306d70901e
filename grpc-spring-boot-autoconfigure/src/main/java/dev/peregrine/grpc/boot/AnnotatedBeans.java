// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.core.annotation.OrderUtils;

/** Finds beans by one of our annotations, on their class or on their {@code @Bean} method, and puts them in order. */
public final class AnnotatedBeans {

    private AnnotatedBeans() {}

    /**
     * The names of the annotated beans, in the order of their registration.
     *
     * @param required what each of them must be
     * @throws FailureAnalyzedException if one is something else: an annotation that silently does nothing would be worse
     */
    public static List<String> names(
            ListableBeanFactory beans, Class<? extends Annotation> annotation, Class<?> required) {
        Set<String> names = new LinkedHashSet<>();
        for (String annotated : beans.getBeanNamesForAnnotation(annotation)) {
            // An annotated @Bean method is found for the target of a scoped proxy, a class for both: the proxy is
            // meant.
            String name = ScopedProxyUtils.isScopedTarget(annotated)
                    ? ScopedProxyUtils.getOriginalBeanName(annotated)
                    : annotated;
            if (!beans.isTypeMatch(name, required)) {
                Class<?> found = beans.getType(name);
                throw new FailureAnalyzedException(
                        "The bean '" + name + "' is annotated with @" + annotation.getSimpleName() + ", but its type "
                                + (found == null ? "" : found.getName() + " ") + "is no " + required.getName() + ".",
                        "Let it implement " + required.getSimpleName() + ", or remove @" + annotation.getSimpleName()
                                + ".");
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    /**
     * The annotation of one of these beans.
     *
     * @param name as {@link #names} tells it
     */
    public static <A extends Annotation> A annotation(ListableBeanFactory beans, String name, Class<A> annotation) {
        A found = beans.findAnnotationOnBean(name, annotation);
        if (found == null) {
            found = beans.findAnnotationOnBean(ScopedProxyUtils.getTargetBeanName(name), annotation);
        }
        if (found == null) {
            throw new IllegalArgumentException("the bean '" + name + "' is not annotated with " + annotation.getName());
        }
        return found;
    }

    /**
     * A bean and its place among others.
     *
     * @param order the lower, the earlier; {@link Ordered#LOWEST_PRECEDENCE} if nobody says
     */
    public record Placed<T>(String name, T bean, int order) {}

    /**
     * The beans of these names, as Spring orders beans: by what their definition says, or {@code @Order} on their
     * {@code @Bean} method, or {@link Ordered} and {@code @Order} of their class; else as the names come.
     *
     * @param names each of a bean of the type
     */
    public static <T> List<Placed<T>> ordered(
            ConfigurableListableBeanFactory beans, Collection<String> names, Class<T> type) {
        List<Placed<T>> placed = new ArrayList<>();
        for (String name : names) {
            T bean = beans.getBean(name, type);
            placed.add(new Placed<>(name, bean, orderOf(beans, name, bean)));
        }
        placed.sort(Comparator.comparingInt(Placed::order));
        return placed;
    }

    private static int orderOf(ConfigurableListableBeanFactory beans, String name, Object bean) {
        Integer defined = orderOfDefinition(beans, name);
        if (defined != null) {
            return defined;
        }
        if (bean instanceof Ordered ordered) {
            return ordered.getOrder();
        }
        Order onBean = beans.findAnnotationOnBean(name, Order.class); // Sees through proxies of interfaces.
        return onBean != null ? onBean.value() : OrderUtils.getOrder(bean.getClass(), Ordered.LOWEST_PRECEDENCE);
    }

    private static @Nullable Integer orderOfDefinition(ConfigurableListableBeanFactory beans, String name) {
        if (!beans.containsBeanDefinition(name)) {
            return null;
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        if (definition.getAttribute(AbstractBeanDefinition.ORDER_ATTRIBUTE) instanceof Integer order) {
            return order;
        }
        Method method = definition instanceof RootBeanDefinition root ? root.getResolvedFactoryMethod() : null;
        Order onMethod = method == null ? null : AnnotatedElementUtils.findMergedAnnotation(method, Order.class);
        return onMethod == null ? null : onMethod.value();
    }
}
