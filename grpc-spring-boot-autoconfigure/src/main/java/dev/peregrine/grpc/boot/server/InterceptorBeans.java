// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.boot.AnnotatedBeans.Placed;
import dev.peregrine.grpc.boot.InterceptorsByType;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.Collection;
import java.util.List;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Finds the interceptors of an application: global ones and others by name in their order, single ones by type. Those that
 * it makes live as long as it does.
 */
final class InterceptorBeans implements DisposableBean {

    private final ConfigurableListableBeanFactory beans;
    private final InterceptorsByType<ServerInterceptor> byType;

    InterceptorBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        this.byType = new InterceptorsByType<>(beans);
    }

    /**
     * The names of those with {@link GrpcGlobalServerInterceptor}.
     *
     * @throws FailureAnalyzedException if a bean with the annotation is none
     */
    List<String> globals() {
        return AnnotatedBeans.names(beans, GrpcGlobalServerInterceptor.class, ServerInterceptor.class);
    }

    /** Those of these names, outermost first. */
    List<Placed<ServerInterceptor>> ordered(Collection<String> names) {
        return AnnotatedBeans.ordered(beans, names, ServerInterceptor.class);
    }

    /**
     * The bean of this type, or one made for it.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there are several
     */
    ServerInterceptor ofType(Class<? extends ServerInterceptor> type, String where) {
        return byType.get(type, where);
    }

    /**
     * The bean of this name.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there is none
     */
    ServerInterceptor named(String name, String where) {
        try {
            return beans.getBean(name, ServerInterceptor.class);
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException missing) {
            throw new FailureAnalyzedException(
                    "There is no interceptor '" + name + "', which " + where + " names. Interceptors there are: "
                            + String.join(", ", beans.getBeanNamesForType(ServerInterceptor.class)) + ".",
                    "Correct the name in " + where + ", or declare a bean of type ServerInterceptor.",
                    missing);
        }
    }

    @Override
    public void destroy() {
        byType.destroy();
    }
}
