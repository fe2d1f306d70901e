// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.AutowireCandidateResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Answers the container's question for a value, which it also asks for {@code @Value}, at every injection point with
 * {@link GrpcClient}. So fields, setters and parameters of constructors and {@code @Bean} methods are all served by the
 * container's own injection, {@code @Lazy}, {@code Optional} and {@code ObjectProvider} included, and generated (AOT) code
 * that injects without reflection over our annotation meets the same resolver. All other questions go to the resolver that
 * was there before.
 */
final class GrpcClientResolver implements AutowireCandidateResolver, BeanFactoryAware {

    private final AutowireCandidateResolver next;
    private final ConfigurableBeanFactory clients;

    /**
     * @param clients where the {@link ClientFactory} is
     */
    GrpcClientResolver(AutowireCandidateResolver next, ConfigurableBeanFactory clients) {
        this.next = next;
        this.clients = clients;
    }

    @Override
    public @Nullable Object getSuggestedValue(DependencyDescriptor dependency) {
        MergedAnnotation<GrpcClient> annotation = annotationOn(dependency);
        if (!annotation.isPresent()) {
            return next.getSuggestedValue(dependency);
        }
        String name = clients.resolveEmbeddedValue(annotation.getString(MergedAnnotation.VALUE));
        return clients.getBean(ClientFactory.class)
                .make(String.valueOf(name), dependency.getDependencyType(), placeOf(dependency));
    }

    /** On the field or the parameter; or on the method, if that is a setter. */
    private static MergedAnnotation<GrpcClient> annotationOn(DependencyDescriptor dependency) {
        MergedAnnotation<GrpcClient> own =
                MergedAnnotations.from(dependency.getAnnotations()).get(GrpcClient.class);
        MethodParameter parameter = dependency.getMethodParameter();
        if (own.isPresent() || parameter == null) {
            return own;
        }
        Method method = parameter.getMethod();
        return method != null && method.getReturnType() == void.class
                ? MergedAnnotations.from(method).get(GrpcClient.class)
                : own;
    }

    private static String placeOf(DependencyDescriptor dependency) {
        MethodParameter parameter = dependency.getMethodParameter();
        if (parameter == null) {
            return "the field " + dependency.getMember().getDeclaringClass().getName() + "."
                    + dependency.getMember().getName();
        }
        Executable executable = parameter.getExecutable();
        return "parameter " + (parameter.getParameterIndex() + 1) + " of "
                + (executable instanceof Method method
                        ? method.getDeclaringClass().getName() + "." + method.getName()
                        : "the constructor of " + executable.getDeclaringClass().getName());
    }

    @Override
    public boolean isAutowireCandidate(BeanDefinitionHolder candidate, DependencyDescriptor dependency) {
        return next.isAutowireCandidate(candidate, dependency);
    }

    @Override
    public boolean isRequired(DependencyDescriptor dependency) {
        return next.isRequired(dependency);
    }

    @Override
    public boolean hasQualifier(DependencyDescriptor dependency) {
        return next.hasQualifier(dependency);
    }

    @Override
    public @Nullable String getSuggestedName(DependencyDescriptor dependency) {
        return next.getSuggestedName(dependency);
    }

    @Override
    public @Nullable Object getLazyResolutionProxyIfNecessary(
            DependencyDescriptor dependency, @Nullable String beanName) {
        return next.getLazyResolutionProxyIfNecessary(dependency, beanName);
    }

    @Override
    public @Nullable Class<?> getLazyResolutionProxyClass(DependencyDescriptor dependency, @Nullable String beanName) {
        return next.getLazyResolutionProxyClass(dependency, beanName);
    }

    @Override
    public AutowireCandidateResolver cloneIfNecessary() {
        return new GrpcClientResolver(next.cloneIfNecessary(), clients);
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        if (next instanceof BeanFactoryAware aware) {
            aware.setBeanFactory(beanFactory);
        }
    }
}
