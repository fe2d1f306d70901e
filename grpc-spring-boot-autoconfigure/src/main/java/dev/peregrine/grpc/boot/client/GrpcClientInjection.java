// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * Teaches the container what {@link GrpcClient} means, before it makes the first bean; and gives it the places for open
 * channels and for their interceptors, which the container destroys after all that comes later, in this order.
 */
final class GrpcClientInjection implements BeanFactoryPostProcessor {

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        if (!(beanFactory instanceof DefaultListableBeanFactory beans)) {
            throw new IllegalStateException(
                    "@GrpcClient needs a DefaultListableBeanFactory, as Spring Boot's application"
                            + " contexts have; found " + beanFactory.getClass().getName());
        }
        beans.setAutowireCandidateResolver(new GrpcClientResolver(beans.getAutowireCandidateResolver(), beans));
        keepToTheEnd(beans, "grpcClientInterceptorBeans", new ClientInterceptorBeans(beans));
        keepToTheEnd(beans, "grpcChannelRegister", new ChannelRegister());
    }

    private static void keepToTheEnd(DefaultListableBeanFactory beans, String name, DisposableBean bean) {
        beans.registerSingleton(name, bean);
        beans.registerDisposableBean(name, bean);
    }
}
