// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.io.IOException;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes servers of their plans, interceptors, encodings and customizers, in this order. */
final class ServerFactory {

    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<ServerInterceptor> globalInterceptors;
    private final ObjectProvider<GrpcServerCustomizer> customizers;
    private final ServerEncodings encodings;

    ServerFactory(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<ServerInterceptor> globalInterceptors,
            ObjectProvider<GrpcServerCustomizer> customizers,
            ServerEncodings encodings) {
        this.beans = beans;
        this.globalInterceptors = globalInterceptors;
        this.customizers = customizers;
        this.encodings = encodings;
    }

    /**
     * A server that listens.
     *
     * @throws FailureAnalyzedException if the beans, the addresses or the machine do not allow it
     */
    Server start(ServerPlan plan) {
        String name = plan.name();
        GrpcServerProperties properties = plan.properties();
        Server.Builder server = plan.builder();
        AnnotatedBeans.names(beans, GrpcGlobalServerInterceptor.class, ServerInterceptor.class);
        globalInterceptors.orderedStream().forEach(server::interceptor);
        properties.interceptors().forEach(interceptor -> server.interceptor(interceptor(name, interceptor)));
        encodings.applyTo(server, name, properties);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, server));
        try {
            return server.start();
        } catch (IOException | IllegalArgumentException | IllegalStateException failure) {
            throw StartFailures.explain(plan, failure);
        }
    }

    private ServerInterceptor interceptor(String server, String bean) {
        String property = ConfiguredServers.property(server, "interceptors");
        try {
            return beans.getBean(bean, ServerInterceptor.class);
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException missing) {
            throw new FailureAnalyzedException(
                    "There is no interceptor '" + bean + "', which " + property + " names. Interceptors there are: "
                            + String.join(", ", beans.getBeanNamesForType(ServerInterceptor.class)) + ".",
                    "Correct the name in " + property + ", or declare a bean of type ServerInterceptor.",
                    missing);
        }
    }
}
