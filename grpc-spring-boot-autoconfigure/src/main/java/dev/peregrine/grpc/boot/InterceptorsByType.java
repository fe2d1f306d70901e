// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * The interceptors that annotations name by their type: beans, and where there is none, one that is made for all who name it and
 * lives as long as this. For any thread.
 */
public final class InterceptorsByType<T> implements DisposableBean {

    private static final Log log = LogFactory.getLog(InterceptorsByType.class);

    private final ConfigurableListableBeanFactory beans;
    private final Map<Class<?>, T> made = new ConcurrentHashMap<>();

    public InterceptorsByType(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * The bean of this type, or one made for it, with its dependencies injected.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there are several
     */
    public T get(Class<? extends T> type, String where) {
        try {
            return beans.getBean(type);
        } catch (NoUniqueBeanDefinitionException several) {
            throw new FailureAnalyzedException(
                    where + " names the interceptor " + type.getName() + ", of which there are several beans: "
                            + String.join(", ", beans.getBeanNamesForType(type)) + ".",
                    "Name the bean instead, in interceptorNames.",
                    several);
        } catch (NoSuchBeanDefinitionException none) {
            T known = made.get(type);
            return known == null ? make(type) : known;
        }
    }

    /** Under no lock of ours, as the container is asked; the first of several threads counts. */
    private T make(Class<? extends T> type) {
        T own = type.cast(beans.createBean(type));
        T faster = made.putIfAbsent(type, own);
        if (faster == null) {
            return own;
        }
        destroy(own);
        return faster;
    }

    /** Ends those that were made; beans the container destroys itself. */
    @Override
    public void destroy() {
        made.values().forEach(this::destroy);
        made.clear();
    }

    /** As the container does with its own. */
    private void destroy(T interceptor) {
        beans.destroyBean(interceptor);
        if (interceptor instanceof AutoCloseable closeable && !(interceptor instanceof DisposableBean)) {
            try {
                closeable.close();
            } catch (Exception failure) {
                log.warn("The interceptor " + interceptor + " failed to close", failure);
            }
        }
    }
}
