// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * Teaches the container what {@link GrpcClient} means, before it makes the first bean; and gives it the place for open
 * channels, which the container destroys after all that comes later.
 */
final class GrpcClientInjection implements BeanFactoryPostProcessor {

    private static final String OPEN_CHANNELS = "grpcOpenChannels";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        if (!(beanFactory instanceof DefaultListableBeanFactory beans)) {
            throw new IllegalStateException(
                    "@GrpcClient needs a DefaultListableBeanFactory, as Spring Boot's application"
                            + " contexts have; found " + beanFactory.getClass().getName());
        }
        beans.setAutowireCandidateResolver(new GrpcClientResolver(beans.getAutowireCandidateResolver(), beans));
        OpenChannels channels = new OpenChannels();
        beans.registerSingleton(OPEN_CHANNELS, channels);
        beans.registerDisposableBean(OPEN_CHANNELS, channels);
    }
}
