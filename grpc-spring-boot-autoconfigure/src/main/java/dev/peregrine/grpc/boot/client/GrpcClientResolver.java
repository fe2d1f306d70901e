// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.AutowireCandidateResolver;
import org.springframework.core.annotation.MergedAnnotation;

/**
 * Answers the container's question for a value, which it also asks for {@code @Value}, at every injection point with
 * {@link GrpcClient}. So fields, setters and parameters of constructors and {@code @Bean} methods are all served by the
 * container's own injection, {@code @Lazy}, {@code Optional} and {@code ObjectProvider} included, and generated (AOT) code
 * that injects without reflection over our annotation meets the same resolver. All other questions go to the resolver that
 * was there before.
 */
final class GrpcClientResolver implements AutowireCandidateResolver, BeanFactoryAware {

    private final AutowireCandidateResolver next;
    private final ConfigurableListableBeanFactory clients;

    /**
     * @param clients where the {@link ClientFactory} is
     */
    GrpcClientResolver(AutowireCandidateResolver next, ConfigurableListableBeanFactory clients) {
        this.next = next;
        this.clients = clients;
    }

    @Override
    public @Nullable Object getSuggestedValue(DependencyDescriptor dependency) {
        @Nullable MergedAnnotation<GrpcClient> annotation = InjectionPoints.annotationOn(dependency);
        if (annotation == null) {
            return next.getSuggestedValue(dependency);
        }
        return new ClientInjection(clients).inject(dependency, annotation);
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
