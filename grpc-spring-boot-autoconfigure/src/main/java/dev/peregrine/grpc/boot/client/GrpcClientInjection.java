// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** Teaches the container what {@link GrpcClient} means, before it makes the first bean. */
final class GrpcClientInjection implements BeanFactoryPostProcessor {

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        if (!(beanFactory instanceof DefaultListableBeanFactory beans)) {
            throw new IllegalStateException(
                    "@GrpcClient needs a DefaultListableBeanFactory, as Spring Boot's application"
                            + " contexts have; found " + beanFactory.getClass().getName());
        }
        beans.setAutowireCandidateResolver(new GrpcClientResolver(beans.getAutowireCandidateResolver(), beans));
    }
}
