// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.Ordered;

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
     * The beans of these names, by their {@link BeanOrder}; else as the names come.
     *
     * @param names each of a bean of the type
     */
    public static <T> List<Placed<T>> ordered(
            ConfigurableListableBeanFactory beans, Collection<String> names, Class<T> type) {
        List<Placed<T>> placed = new ArrayList<>();
        for (String name : names) {
            T bean = beans.getBean(name, type);
            Integer order = BeanOrder.of(beans, name, bean);
            placed.add(new Placed<>(name, bean, order == null ? Ordered.LOWEST_PRECEDENCE : order));
        }
        placed.sort(Comparator.comparingInt(Placed::order));
        return placed;
    }
}
