// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.stub.ClientStub;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/** Knows generated clients: interfaces with a static {@code create(Channel)}, of whatever kind. */
final class GeneratedClients {

    private GeneratedClients() {}

    /** How to make one; null if the type is no generated client. */
    static @Nullable Method createMethodOf(Class<?> type) {
        if (!type.isInterface() || !ClientStub.class.isAssignableFrom(type)) {
            return null;
        }
        try {
            Method create = type.getMethod("create", Channel.class);
            return Modifier.isStatic(create.getModifiers()) && type.isAssignableFrom(create.getReturnType())
                    ? create
                    : null;
        } catch (NoSuchMethodException notGenerated) {
            return null;
        }
    }

    static Object create(Method create, Channel channel) {
        try {
            create.setAccessible(true); // a public method, in an outer class that need not be public
            return create.invoke(null, channel);
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new IllegalStateException(create + " failed", failure);
        }
    }

    /** Those of a package and the packages below it, sorted by name. */
    static List<Class<?>> in(String basePackage, Environment environment) {
        Scan scan = new Scan(environment);
        return scan.findCandidateComponents(basePackage).stream()
                .map(BeanDefinition::getBeanClassName)
                .sorted()
                .<Class<?>>map(name -> ClassUtils.resolveClassName(String.valueOf(name), null))
                .filter(type -> createMethodOf(type) != null)
                .toList();
    }

    private static final class Scan extends ClassPathScanningCandidateComponentProvider {

        Scan(Environment environment) {
            super(false, environment);
            addIncludeFilter(new AssignableTypeFilter(ClientStub.class));
        }

        /** Interfaces, which ordinary scanning leaves out. */
        @Override
        protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
            return definition.getMetadata().isInterface();
        }
    }
}
