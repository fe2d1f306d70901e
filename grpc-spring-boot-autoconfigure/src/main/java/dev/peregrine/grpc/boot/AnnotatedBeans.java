// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.lang.annotation.Annotation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Finds beans by one of our annotations, on their class or on their {@code @Bean} method. */
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
}
