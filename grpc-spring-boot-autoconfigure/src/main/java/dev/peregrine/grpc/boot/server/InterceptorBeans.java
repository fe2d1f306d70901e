// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.annotation.OrderUtils;

/** Finds the interceptors of an application: global ones in their order, others by type or by name. */
final class InterceptorBeans {

    /**
     * An interceptor and its place.
     *
     * @param order as {@link GrpcServerInterceptorOrder} counts
     */
    record Global(ServerInterceptor interceptor, int order) {}

    private final ConfigurableListableBeanFactory beans;

    /** Those that are no beans, made once for all who name them. */
    private final Map<Class<?>, ServerInterceptor> made = new HashMap<>();

    InterceptorBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * Those with {@link GrpcGlobalServerInterceptor}, outermost first.
     *
     * @throws FailureAnalyzedException if a bean with the annotation is none
     */
    List<Global> globals() {
        List<Global> globals = new ArrayList<>();
        for (String name : AnnotatedBeans.names(beans, GrpcGlobalServerInterceptor.class, ServerInterceptor.class)) {
            ServerInterceptor interceptor = beans.getBean(name, ServerInterceptor.class);
            globals.add(new Global(interceptor, orderOf(name, interceptor)));
        }
        globals.sort(Comparator.comparingInt(Global::order));
        return globals;
    }

    private int orderOf(String name, ServerInterceptor interceptor) {
        if (interceptor instanceof Ordered ordered) {
            return ordered.getOrder();
        }
        Order onBean = beans.findAnnotationOnBean(name, Order.class); // Looks at the @Bean method, too.
        return onBean != null ? onBean.value() : OrderUtils.getOrder(interceptor.getClass(), Ordered.LOWEST_PRECEDENCE);
    }

    /**
     * The bean of this type, or one made for it.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there are several
     */
    ServerInterceptor ofType(Class<? extends ServerInterceptor> type, String where) {
        try {
            return beans.getBean(type);
        } catch (NoUniqueBeanDefinitionException several) {
            throw new FailureAnalyzedException(
                    where + " names the interceptor " + type.getName() + ", of which there are several beans: "
                            + String.join(", ", beans.getBeanNamesForType(type)) + ".",
                    "Name the bean instead, in interceptorNames.",
                    several);
        } catch (NoSuchBeanDefinitionException none) {
            return made.computeIfAbsent(type, beanless -> (ServerInterceptor) beans.createBean(beanless));
        }
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
}
